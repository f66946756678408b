select
    j.id, j.jobid, j.schedule, j.enabled,
    j.method is not null as http, j.url, j.timeout_ms,
    -- An earlier runtime has one secret, in a column.
    array(
        select distinct s.name #>> '{}'
        from jsonb_path_query(
            jsonb_build_array(to_jsonb(j), to_jsonb(j) -> 'auth'), '$[*].secret ? (@ != null)'
        ) s (name)
    ) as secrets,
    coalesce(c.active, false) as active,
    p.paused_by, p.reason, p.until,
    exists (select from supacron.run r where r.job_id = j.id) as has_runs,
    coalesce((to_jsonb(p) ->> 'automatic')::boolean, false) as held,
    to_jsonb(s) ->> 'stopped_at' is not null as stopped,
    j.method, j.body,
    to_jsonb(j) ->> 'runs_from' as runs_from,
    to_jsonb(j) ->> 'runs_until' as runs_until,
    to_jsonb(j) ->> 'runs_at' as runs_at,
    to_jsonb(j) ->> 'closed' as closed,
    to_jsonb(j) ->> 'timezone' as timezone
from supacron.job j
join supacron.stack s on s.name = j.stack
left join cron.job c on c.jobid = j.jobid
left join supacron.pause p on p.job_id = j.id
where j.stack = %(stack)s and j.name = %(job)s and j.removed_at is null;
