create or replace function supacron.was_away() returns boolean
language plpgsql stable
set search_path = ''
as $function$
declare
    seen timestamptz;
    seen_runid bigint;
begin
    select r.collected_at, r.collected_runid into seen, seen_runid from supacron.runtime r;
    -- When it starts anew pg_cron forgets what it had still to start, and skips the minute that it starts in.
    return exists (
        select from cron.job_run_details d where d.runid > seen_runid and d.return_message = 'server restarted'
    ) or exists (
        -- One that is behind, with more due than it can start in a minute, starts something in each.
        select from generate_series(
            date_trunc('minute', seen) + interval '1 minute', date_trunc('minute', now()) - interval '1 second', interval '1 minute'
        ) m
        where not exists (
            select from cron.job_run_details d
            where d.runid > seen_runid and d.start_time >= m and d.start_time < m + interval '1 minute'
        )
    );
end;
$function$;
comment on function supacron.was_away() is
'Whether pg_cron did not run, or started anew, since the collector was last here.';
