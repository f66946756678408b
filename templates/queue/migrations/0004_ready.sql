create sequence supacron_queue.job_id as bigint;
create table supacron_queue.ready (
    id bigint primary key default nextval('supacron_queue.job_id'),
    scheduled_for timestamptz not null,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz,
    attempts integer not null default 0,
    priority smallint not null check (priority between 1 and 10),
    job_type text collate "C" not null,
    -- '' is nobody's: an index range needs a value.
    tenant_id text collate "C" not null,
    payload jsonb not null,
    error_message text,
    idempotency_key text,
    -- The search for job types needs something below and something above each.
    check (job_type >= '!' and job_type < '~')
)
with (
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0
);
-- The one index that claims use: each (job type, priority, tenant) is a band, and a claim reads the front of a few.
create index ready_band on supacron_queue.ready (job_type, priority, tenant_id, scheduled_for, id);
alter table supacron_queue.ready enable row level security;
comment on table supacron_queue.ready is 'Jobs that wait, for their time, for a retry or for a worker: status pending.';
comment on column supacron_queue.ready.updated_at is 'Null until something happened to the job.';
