alter table supacron.job add column late_after integer, add column interval_ms bigint;
comment on column supacron.job.late_after is 'The job is late when it has not succeeded in so many intervals; 0: never.';
comment on column supacron.job.interval_ms is 'The longest time between two runs that its schedule has.';
create index run_ok on supacron.run (job_id, queued_at) where outcome = 'ok';

create table supacron.watch (
    job_id bigint primary key references supacron.job (id) on delete cascade,
    schedule text not null,
    since timestamptz not null default now()
);
alter table supacron.watch enable row level security;
comment on table supacron.watch is 'Since when each job is active with its present schedule. Kept by the collector.';
