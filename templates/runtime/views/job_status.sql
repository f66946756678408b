create or replace view supacron.job_status
with (security_invoker = true) as
select
    j.stack,
    j.name,
    j.jobid,
    j.schedule,
    coalesce(c.active, false) as active,
    j.enabled,
    j.owner,
    j.description,
    p.paused_by,
    p.reason as paused_reason,
    p.until as paused_until,
    last_run.id as last_run_id,
    last_run.trigger as last_trigger,
    last_run.queued_at as last_queued_at,
    last_run.seen_at as last_seen_at,
    case when last_run.id is not null then coalesce(last_run.outcome, 'waiting') end as last_outcome,
    last_run.status_code as last_status_code,
    last_run.error as last_error,
    recent.finished as recent_runs,
    recent.ok as recent_ok,
    lateness.last_ok_at,
    lateness.late_at
from supacron.job j
left join cron.job c on c.jobid = j.jobid
left join supacron.pause p on p.job_id = j.id
left join lateral (
    select r.id, r.trigger, r.queued_at, r.seen_at, r.outcome, r.status_code, r.error
    from supacron.run r
    where r.job_id = j.id and r.outcome is distinct from 'skipped'
    order by r.id desc
    limit 1
) last_run on true
left join lateral (
    select count(*) as finished, count(*) filter (where r.outcome = 'ok') as ok
    from (
        select r.outcome
        from supacron.run r
        where r.job_id = j.id and r.outcome is not null and r.outcome <> 'skipped'
        order by r.id desc
        limit 100
    ) r
) recent on true
left join supacron.job_lateness lateness on lateness.job_id = j.id
where j.removed_at is null;
comment on view supacron.job_status is
'Each job, whether it is active, its last outcome, and how many of its last 100 finished runs were ok.';
