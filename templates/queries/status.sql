select
    s.name, s.jobid, s.schedule, s.enabled, s.active, c.jobid is not null as scheduled,
    s.owner, s.description,
    s.paused_by, s.paused_reason, s.paused_until,
    s.last_run_id, s.last_trigger, s.last_queued_at, s.last_seen_at, s.last_outcome, s.last_status_code, s.last_error,
    s.recent_runs, s.recent_ok,
    -- As JSON, since a runtime that is still to be migrated has no such columns.
    (to_jsonb(s) ->> 'last_ok_at')::timestamptz, (to_jsonb(s) ->> 'late_at')::timestamptz,
    -- An earlier runtime has one secret, in a column.
    array(
        select distinct s.name #>> '{}'
        from jsonb_path_query(
            jsonb_build_array(to_jsonb(j), to_jsonb(j) -> 'auth'), '$[*].secret ? (@ != null)'
        ) s (name)
    ) as secrets,
    j.url,
    to_jsonb(k) ->> 'stopped_at' is not null as stopped,
    to_jsonb(j) ->> 'spread_from' as spread_from,
    to_jsonb(j) ->> 'runs_from' as runs_from,
    to_jsonb(j) ->> 'runs_until' as runs_until,
    to_jsonb(j) ->> 'runs_at' as runs_at,
    to_jsonb(j) ->> 'closed' as closed,
    to_jsonb(j) ->> 'timezone' as timezone
from supacron.job_status s
join supacron.job j on j.stack = s.stack and j.name = s.name
join supacron.stack k on k.name = s.stack
left join cron.job c on c.jobid = s.jobid
where s.stack = %(stack)s
order by s.name;
