create or replace view supacron.job_lateness
with (security_invoker = true) as
select
    j.id as job_id,
    j.stack,
    j.name,
    w.since as watched_since,
    recent.last_ok_at,
    -- The outcome of a run that is due now is known after its time-out, and when the collector has looked.
    greatest(w.since, recent.last_ok_at)
        + (j.late_after * j.interval_ms + coalesce(j.timeout_ms, 0)) * interval '1 millisecond'
        + interval '2 minutes' as late_at
from supacron.job j
join supacron.watch w on w.job_id = j.id
join cron.job c on c.jobid = j.jobid and c.active
left join lateral (
    select max(r.queued_at) as last_ok_at
    from supacron.run r
    where r.job_id = j.id and r.outcome = 'ok'
) recent on true
where j.removed_at is null and j.late_after > 0 and j.interval_ms is not null;
comment on view supacron.job_lateness is
'From when on each job that is active is late: when it has not succeeded in `late_after` intervals.';
