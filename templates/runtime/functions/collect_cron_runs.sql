create or replace function supacron.collect_cron_runs() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    seen bigint;
    stuck bigint;
    upto bigint;
    recorded integer;
begin
    select collected_runid into seen from supacron.runtime;

    -- A row a day old never finishes; one that never started is as old as its place in the order.
    select max(d.runid) into stuck
    from cron.job_run_details d
    where d.runid > seen and coalesce(d.start_time, d.end_time) <= now() - interval '1 day';

    -- Rows finish out of order: never move past one that is still running.
    select min(d.runid) - 1 into upto
    from cron.job_run_details d
    where d.runid > greatest(seen, stuck) and d.status not in ('succeeded', 'failed');
    if upto is null then
        select max(d.runid) into upto from cron.job_run_details d;
    end if;

    -- An HTTP job whose command succeeded has a run of its own; one that raised left none, and tells its reason here.
    insert into supacron.run (job_id, trigger, cron_runid, queued_at, scheduled_for, seen_at, outcome, error, tell_at)
    select
        j.id, 'schedule', d.runid, t.started, date_trunc('minute', t.started), coalesce(d.end_time, now()),
        case d.status when 'succeeded' then 'ok' else 'failed' end,
        case d.status when 'failed' then supacron.redact(d.return_message) end,
        case when d.status = 'failed' and j.on_failure is not null then clock_timestamp() end
    from cron.job_run_details d
    join (
        select c.jobid, c.id as job_id, c.scheduled_at as since from supacron.job c where c.jobid is not null
        union all
        select p.jobid, p.job_id, p.since from supacron.past_jobid p
    ) l on l.jobid = d.jobid
    join supacron.job j on j.id = l.job_id
    -- One that did not come to its start was to start after the one before it.
    cross join lateral (
        select coalesce(
            d.start_time,
            d.end_time,
            (
                select p.start_time
                from cron.job_run_details p
                where p.runid < d.runid and p.start_time is not null
                order by p.runid desc
                limit 1
            ),
            now()
        ) as started
    ) t
    where d.runid > seen
        and d.status in ('succeeded', 'failed')
        and (
            d.status = 'failed'
            or j.method is null and (j.timezone is null or supacron.is_slot(j.due, supacron.fired_at(j, d.start_time)))
        )
        and t.started >= l.since
        -- Where pg_cron itself ended before it heard that a call had done its work, the call's own run is there.
        and not (
            j.method is not null
            and exists (
                select from supacron.run r
                where r.job_id = j.id and r.trigger = 'schedule' and r.cron_runid is null and r.queued_at >= d.start_time
                    and r.queued_at < coalesce(
                        d.end_time,
                        (
                            select min(n.start_time)
                            from cron.job_run_details n
                            where n.runid > d.runid and n.jobid = d.jobid
                        ),
                        'infinity'
                    )
            )
        )
    on conflict (cron_runid) where cron_runid is not null do nothing;
    get diagnostics recorded = row_count;

    update supacron.runtime
    set collected_runid = greatest(collected_runid, coalesce(upto, 0)), collected_at = clock_timestamp();
    return recorded;
end;
$function$;
comment on function supacron.collect_cron_runs() is
'Records what cron.job_run_details alone can tell: runs of SQL jobs, and calls that raised; returns how many.';
