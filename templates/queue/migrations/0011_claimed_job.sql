create type supacron_queue.claimed_job as (
    id bigint,
    job_type text,
    payload jsonb,
    priority integer,
    tenant_id text,
    scheduled_for timestamptz,
    created_at timestamptz,
    attempts integer,
    max_attempts integer,
    timeout_seconds double precision,
    claim_token uuid,
    lease_expires_at timestamptz,
    idempotency_key text
);
comment on type supacron_queue.claimed_job is
'A job as a worker gets it; claim_token is what it must name to settle it.';
