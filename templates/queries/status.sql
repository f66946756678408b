select
    s.name, s.jobid, s.schedule, s.enabled, s.active, c.jobid is not null as scheduled,
    s.owner, s.description,
    s.paused_by, s.paused_reason, s.paused_until,
    s.last_run_id, s.last_trigger, s.last_queued_at, s.last_seen_at, s.last_outcome, s.last_status_code, s.last_error,
    s.recent_runs, s.recent_ok,
    j.secret, j.url
from supacron.job_status s
join supacron.job j on j.stack = s.stack and j.name = s.name
left join cron.job c on c.jobid = s.jobid
where s.stack = %(stack)s
order by s.name;
