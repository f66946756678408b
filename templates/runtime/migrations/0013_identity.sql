alter table supacron.stack add column on_failover text not null default 'warn'
check (on_failover in ('warn', 'refuse'));
comment on column supacron.stack.on_failover is
'What calls do on another timeline than the last apply saw, after a failover or a physical restore.';
alter table supacron.pause add column automatic boolean not null default false;
comment on column supacron.pause.automatic is
'Made by the collector in a copy of the database, and ended by the next apply.';
