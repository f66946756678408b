create or replace view supacron.job_lateness
with (security_invoker = true) as
select
    j.id as job_id,
    j.stack,
    j.name,
    w.since as watched_since,
    recent.last_ok_at,
    -- The outcome of a run that is due now is known after its time-out, and when the collector has looked. What runs once
    -- has no interval: it is given minutes.
    case
        when j.runs_at is null then greatest(w.since, recent.last_ok_at, j.runs_from::timestamptz)
            + j.late_after * j.interval_ms * interval '1 millisecond'
        when recent.last_ok_at is null or recent.last_ok_at < j.runs_at::timestamptz
            then j.runs_at::timestamptz + j.late_after * interval '1 minute'
    end + coalesce(j.timeout_ms, 0) * interval '1 millisecond' + interval '2 minutes' as late_at
from supacron.job j
left join supacron.watch w on w.job_id = j.id
left join cron.job c on c.jobid = j.jobid and c.active
left join lateral (
    select max(r.queued_at) as last_ok_at
    from supacron.run r
    where r.job_id = j.id and r.outcome = 'ok'
) recent on true
where j.removed_at is null
    and j.late_after > 0
    and case
        when j.runs_at is null then w.job_id is not null and c.jobid is not null and j.interval_ms is not null
            and coalesce(j.runs_until::timestamptz > now(), true)
        -- Its time stays past when it is not scheduled any more.
        else j.enabled
            and (c.jobid is not null or j.closed = 'done')
            and not exists (select from supacron.pause p where p.job_id = j.id)
    end;
comment on view supacron.job_lateness is
'From when on each job that is active is late: when it has not succeeded in `late_after` intervals.';
