create table supacron_queue.job_type (
    -- Bytewise order: the order of `ready`'s index.
    name text collate "C" primary key,
    max_attempts integer check (max_attempts between 1 and 100),
    backoff_base interval check (backoff_base between interval '1 millisecond' and interval '30 days'),
    backoff_max interval check (backoff_max > interval '0'),
    lease interval check (lease > interval '0'),
    timeout interval check (timeout > interval '0'),
    urgent boolean not null default false,
    clients boolean not null default false
);
alter table supacron_queue.job_type enable row level security;
comment on table supacron_queue.job_type is
'Job types with rules of their own; null means as in supacron_queue.settings, and so does a type that is not here.';
comment on column supacron_queue.job_type.urgent is
'Whether anybody who may enqueue this type may use priorities 9 and 10.';
comment on column supacron_queue.job_type.clients is
'Whether signed-in users (role authenticated) may enqueue this type, each for its own tenant.';
