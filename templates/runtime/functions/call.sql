create or replace function supacron.call(job_name text) returns bigint
language plpgsql
set search_path = ''
as $function$
declare
    job supacron.job;
    minute timestamptz;
begin
    select * into job
    from supacron.job j
    where j.name = job_name and j.removed_at is null;
    if not found then
        raise exception 'supacron: no job "%" is defined here', job_name
            using errcode = 'no_data_found', hint = 'Run `pulumi up`, or unschedule this cron job.';
    end if;
    if job.method is null then
        raise exception 'supacron: "%" is an SQL job, which pg_cron runs itself', job_name
            using errcode = 'wrong_object_type';
    end if;
    if job.timezone is null and coalesce(job.runs_from, job.runs_until, job.runs_at) is null then
        -- Most jobs: spared two calls, whose answers are these.
        minute := date_trunc(case when job.schedule like '%second%' then 'second' else 'minute' end, now());
    else
        minute := supacron.fired_at(job, now());
        if not supacron.is_due(job, minute) then
            return null;
        end if;
    end if;
    if job.runs_at is not null then
        if not supacron.claim_once(job.id) then
            return null;
        end if;
        minute := job.runs_at::timestamptz;
    end if;
    -- The request itself would not outlive a crash. pg_cron's own COMMIT, right after this one, makes the run durable, too.
    perform set_config('synchronous_commit', 'off', true);
    return supacron.request(job, 'schedule', null, minute, null);
end;
$function$;
comment on function supacron.call(text) is 'What cron.job.command calls for an HTTP job; returns the run''s id, or null where it is not due.';
