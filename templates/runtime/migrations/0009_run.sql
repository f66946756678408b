create table supacron.run (
    id bigint generated always as identity primary key,
    job_id bigint not null,
    trigger text not null check (trigger in ('schedule', 'manual')),
    requested_by text,
    request_id bigint,
    cron_runid bigint,
    queued_at timestamptz not null,
    deadline timestamptz,
    sent_at timestamptz,
    seen_at timestamptz,
    outcome text check (outcome in ('ok', 'http_error', 'timed_out', 'no_response', 'failed')),
    status_code integer,
    error text
);
create index run_waiting on supacron.run (queued_at)
where (outcome is null or outcome = 'no_response') and request_id is not null;
create index run_deadline on supacron.run (deadline) where outcome is null;
create index run_job on supacron.run (job_id, id);
create index run_queued_at on supacron.run (queued_at);
create unique index run_cron_runid on supacron.run (cron_runid) where cron_runid is not null;
comment on table supacron.run is 'What really happened to each run. outcome is null while the answer is awaited.';
comment on column supacron.run.request_id is 'net.http_request_queue.id; pg_net may use an id again after a crash.';
comment on column supacron.run.cron_runid is
'cron.job_run_details.runid, for a run whose outcome pg_cron itself tells: an SQL job, or a call that raised.';
comment on column supacron.run.queued_at is 'When the call was handed to pg_net (an SQL job: when it started).';
comment on column supacron.run.sent_at is 'When pg_net started the batch that the request left in.';
comment on column supacron.run.seen_at is
'When the outcome was recorded, which is later than the answer: pg_net writes a batch when its slowest request ended.';
