create table supacron.stack (
    name text primary key,
    program text,
    project_url text not null,
    runs_retention interval not null,
    cron_history_retention interval not null,
    repair bigint not null default 0,
    created_at timestamptz not null default now(),
    applied_at timestamptz not null default now(),
    destroyed_at timestamptz
);
comment on table supacron.stack is 'The stacks that were applied to this database.';
comment on column supacron.stack.repair is
'Goes up by one with each apply that changes something, so that Pulumi sees when this database is not as wanted.';
comment on column supacron.stack.program is
'The Pulumi project that applies the stack: another one with a stack of that name is refused.';
