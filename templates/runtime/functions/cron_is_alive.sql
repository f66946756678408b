create or replace function supacron.cron_is_alive() returns boolean
language sql stable
set search_path = ''
as $function$
    select coalesce(
        (
            select d.start_time > now() - interval '3 minutes'
            from cron.job_run_details d
            where d.start_time is not null and d.jobid in (
                select c.jobid from cron.job c where c.jobname = 'supacron-collect' and c.username = current_user
            )
            order by d.runid desc
            limit 1
        ),
        false
    );
$function$;
comment on function supacron.cron_is_alive() is 'Whether pg_cron itself has started the collector within three minutes.';
