create table supacron_queue.idempotency (
    job_type text collate "C" not null,
    tenant_id text collate "C" not null,
    key text collate "C" not null,
    job_id bigint not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (job_type, tenant_id, key)
);
create index idempotency_created_at on supacron_queue.idempotency (created_at);
alter table supacron_queue.idempotency enable row level security;
comment on table supacron_queue.idempotency is
'Which job an idempotency key stands for, within its job type and tenant.';
