create table supacron.scrubbed_run (
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
create index scrubbed_run_jobid on supacron.scrubbed_run (jobid);
alter table supacron.scrubbed_run enable row level security;
comment on table supacron.scrubbed_run is
'Rows of cron.job_run_details whose keys were masked by `supacron scrub`, where that table itself cannot be updated.';

do $block$
begin
    -- Where the rows stood before.
    if to_regclass('supacron_archive.scrubbed_run') is not null then
        insert into supacron.scrubbed_run select * from supacron_archive.scrubbed_run;
        drop table supacron_archive.scrubbed_run;
        if not exists (select from pg_class c where c.relnamespace = 'supacron_archive'::regnamespace) then
            drop schema supacron_archive;
        end if;
    end if;
end;
$block$;
