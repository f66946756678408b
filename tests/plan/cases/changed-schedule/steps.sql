-- define jobs
insert into supacron.job (
    stack, name, schedule, command, enabled, method, url, headers, body, timeout_ms, auth, due, late_after, interval_ms
)
values
    (
        'golden', 'nightly',
        '15 2 * * *', 'select supacron.call(''nightly'')', true, 'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/report', '{"Content-Type": "application/json"}'::jsonb, '{"deep": true, "kind": "nightly"}'::jsonb, 30000, '[{"header": "Authorization", "prefix": "Bearer ", "secret": "cron_key"}]'::jsonb, '{"days": 4294967294, "either": false, "hours": 4, "last_day": false, "minutes": 32768, "months": 8190, "weekdays": 127}'::jsonb, 3, 86400000
    )
on conflict (stack, name) do update
set
    schedule = excluded.schedule,
    command = excluded.command,
    enabled = excluded.enabled,
    method = excluded.method,
    url = excluded.url,
    headers = excluded.headers,
    body = excluded.body,
    timeout_ms = excluded.timeout_ms,
    auth = excluded.auth,
    due = excluded.due,
    late_after = excluded.late_after,
    interval_ms = excluded.interval_ms,
    description = null,
    owner = null,
    retry = null,
    overlap = null,
    limits = null,
    expect = null,
    parameters = null,
    catch_up = null,
    on_failure = null,
    spread_from = null,
    trigger_roles = null,
    protect = null,
    runs_from = null,
    runs_until = null,
    runs_at = null,
    timezone = null,
    cron_schedule = null,
    sql = null,
    -- For another time it is neither done nor waiting.
    closed = case
        when (job.runs_from, job.runs_until, job.runs_at) is not distinct from (excluded.runs_from, excluded.runs_until, excluded.runs_at)
            then job.closed
    end,
    changed_at = now(),
    removed_at = null;

-- alter jobs in place
select cron.alter_job(job_id := a.jobid, schedule := a.schedule, command := a.command, active := a.active)
from (
    values
        (11::bigint, '15 2 * * *'::text, null::text, null::boolean)
) a (jobid, schedule, command, active);

-- remember the definitions
update supacron.job j
set applied = to_jsonb(j) - array[
    'id', 'stack', 'name', 'jobid', 'scheduled_at', 'created_at', 'changed_at', 'removed_at', 'closed', 'applied'
]
where j.stack = 'golden' and j.removed_at is null
    and (j.applied is null or j.name = any(array['nightly']::text[]));
