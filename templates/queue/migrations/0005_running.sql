create table supacron_queue.running (
    id bigint primary key,
    scheduled_for timestamptz not null,
    created_at timestamptz not null,
    started_at timestamptz not null,
    lease_expires_at timestamptz not null,
    claim_token uuid not null,
    attempts integer not null,
    priority smallint not null,
    job_type text collate "C" not null,
    tenant_id text collate "C" not null,
    payload jsonb not null,
    error_message text,
    idempotency_key text,
    worker text
)
with (
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0
);
alter table supacron_queue.running enable row level security;
comment on table supacron_queue.running is 'Jobs that a worker holds: status processing.';
comment on column supacron_queue.running.claim_token is
'One for each claim. Who does not name it may not say anything about the job.';
comment on column supacron_queue.running.attempts is 'This one included.';
