create or replace function supacron.is_running(cron_jobid bigint) returns boolean
language sql stable
set search_path = ''
as $function$
    select exists (
        select from cron.job_run_details d
        where d.jobid = cron_jobid
            and d.status not in ('succeeded', 'failed')
            and coalesce(d.start_time, now()) > now() - interval '1 day'
    );
$function$;
comment on function supacron.is_running(bigint) is
'Whether pg_cron has started something of this job that has not ended: to unschedule it now would cancel that.';
