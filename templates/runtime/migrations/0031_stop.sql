alter table supacron.stack add column stopped_at timestamptz;
alter table supacron.stack add column stopped_by text;
alter table supacron.stack add column stopped_reason text;
create table supacron.stopped_job (
    job_id bigint primary key references supacron.job (id) on delete cascade
);
alter table supacron.stopped_job enable row level security;
comment on column supacron.stack.stopped_at is 'Since when `supacron stop` keeps every job of the stack from running.';
comment on table supacron.stopped_job is 'The jobs of stopped stacks that `supacron start` makes active again.';
