create or replace function supacron.record_missed() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    seen constant timestamptz := (select r.collected_at from supacron.runtime r);
    missed record;
    recorded integer := 0;
begin
    -- Two collectors at once, one of them by hand, would record it twice.
    if seen is null or not supacron.was_away() or not pg_try_advisory_xact_lock(7265003, 10) then
        return 0;
    end if;
    for missed in
        select j as job, d.due
        from supacron.job j
        join cron.job c on c.jobid = j.jobid and c.active
        -- What is due in this minute may still be started.
        cross join lateral (
            select supacron.last_due_in_window(
                j,
                greatest(date_trunc('minute', seen) - interval '1 second', j.scheduled_at, j.changed_at),
                date_trunc('minute', now()) - interval '1 second'
            ) as due
        ) d
        -- One that runs once is looked after by keep_windows.
        where j.removed_at is null and j.enabled and j.runs_at is null and d.due is not null
            and j.stack = any(supacron.running_stacks())
            and not exists (select from supacron.pause p where p.job_id = j.id)
            and coalesce(
                (
                    select coalesce(r.scheduled_for, r.queued_at)
                    from supacron.run r
                    where r.job_id = j.id and r.trigger <> 'manual'
                    order by r.id desc
                    limit 1
                ) < d.due,
                true
            )
            and not exists (
                select from cron.job_run_details h
                where h.jobid = j.jobid
                    and (
                        (
                            h.start_time >= d.due
                            and (j.timezone is null or supacron.is_slot(j.due, supacron.fired_at(j, h.start_time)))
                        )
                        -- It never started, and is about to be recorded.
                        or (
                            h.start_time is null and h.status = 'failed'
                            and h.runid > (select r.collected_runid from supacron.runtime r)
                        )
                    )
            )
    loop
        perform supacron.miss_run(
            missed.job, missed.due,
            format('nothing was started between %s and %s UTC', to_char(seen at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
                to_char(now() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
        );
        recorded := recorded + 1;
    end loop;
    return recorded;
end;
$function$;
comment on function supacron.record_missed() is
'After an outage: a run for each job that was due meanwhile, missed or, where the job says so, made up for; returns how many.';
