create table supacron_queue.archive (
    id bigint not null,
    scheduled_for timestamptz not null,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz not null,
    attempts integer not null,
    priority smallint not null,
    status text not null check (status in ('completed', 'failed', 'cancelled')),
    job_type text collate "C" not null,
    tenant_id text collate "C" not null,
    payload jsonb not null,
    error_message text,
    idempotency_key text,
    worker text
)
partition by range (finished_at);
create index archive_id on supacron_queue.archive (id);
create index archive_failed on supacron_queue.archive (finished_at) where status = 'failed';
-- Rows come in the order of their time, so a block range tells enough, and costs next to nothing.
create index archive_finished_at on supacron_queue.archive using brin (finished_at)
with (pages_per_range = 16, autosummarize = true);
create table supacron_queue.archive_default partition of supacron_queue.archive default;
alter table supacron_queue.archive enable row level security;
alter table supacron_queue.archive_default enable row level security;
comment on table supacron_queue.archive is
'Jobs that ended: completed, failed (the dead letters) or cancelled; one partition a day (UTC), dropped as a whole.';
comment on table supacron_queue.archive_default is
'Takes what no day''s partition takes: empty, unless supacron_queue.maintain() did not run for a week.';
