-- Outside of the schema supacron, whose every object the runtime's own fingerprint covers.
create schema if not exists supacron_archive;
create table if not exists supacron_archive.scrubbed_run (
    runid bigint primary key,
    jobid bigint,
    job_pid integer,
    database text,
    username text,
    command text,
    status text,
    return_message text,
    start_time timestamptz,
    end_time timestamptz,
    scrubbed_at timestamptz not null default now()
);
comment on table supacron_archive.scrubbed_run is
'Rows of cron.job_run_details whose keys were masked by `supacron scrub`, where that table itself cannot be updated.';
revoke all on schema supacron_archive from public;
revoke all on table supacron_archive.scrubbed_run from public;
