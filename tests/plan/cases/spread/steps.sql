-- create jobs
insert into supacron.job (
    stack, name, jobid, schedule, command, enabled, method, url, headers, body, timeout_ms, due, late_after, interval_ms, spread_from
)
values
    (
        'golden', 'new',
        cron.schedule('new'::name, '5-50/15 * * * *', 'select supacron.call(''new'')'),
        '5-50/15 * * * *', 'select supacron.call(''new'')', true, 'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/f', '{"Content-Type": "application/json"}'::jsonb, '{}'::jsonb, 30000, '{"days": 4294967294, "either": false, "hours": 16777215, "last_day": false, "minutes": 1125934267629600, "months": 8190, "weekdays": 127}'::jsonb, 3, 900000, 'H/15 * * * *'
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
    due = excluded.due,
    late_after = excluded.late_after,
    interval_ms = excluded.interval_ms,
    spread_from = excluded.spread_from,
    auth = null,
    description = null,
    owner = null,
    retry = null,
    overlap = null,
    limits = null,
    expect = null,
    parameters = null,
    catch_up = null,
    on_failure = null,
    trigger_roles = null,
    protect = null,
    runs_from = null,
    runs_until = null,
    runs_at = null,
    timezone = null,
    cron_schedule = null,
    sql = null,
    jobid = excluded.jobid,
    scheduled_at = now(),
    -- For another time it is neither done nor waiting.
    closed = case
        when (job.runs_from, job.runs_until, job.runs_at) is not distinct from (excluded.runs_from, excluded.runs_until, excluded.runs_at)
            then job.closed
    end,
    changed_at = now(),
    removed_at = null;

-- define jobs
insert into supacron.job (
    stack, name, schedule, command, enabled, method, url, headers, body, timeout_ms, due, late_after, interval_ms, spread_from
)
values
    (
        'golden', 'drawn',
        '17 * * * *', 'select 1', true, null, null, null::jsonb, null::jsonb, null, '{"days": 4294967294, "either": false, "hours": 16777215, "last_day": false, "minutes": 131072, "months": 8190, "weekdays": 127}'::jsonb, 3, 3600000, null
    ),
    (
        'golden', 'hourly',
        '5 * * * *', 'select supacron.call(''hourly'')', true, 'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/f', '{"Content-Type": "application/json"}'::jsonb, '{}'::jsonb, 30000, '{"days": 4294967294, "either": false, "hours": 16777215, "last_day": false, "minutes": 32, "months": 8190, "weekdays": 127}'::jsonb, 3, 3600000, 'H * * * *'
    ),
    (
        'golden', 'nightly',
        '46 3 * * *', 'select supacron.call(''nightly'')', true, 'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/f', '{"Content-Type": "application/json"}'::jsonb, '{}'::jsonb, 30000, '{"days": 4294967294, "either": false, "hours": 8, "last_day": false, "minutes": 70368744177664, "months": 8190, "weekdays": 127}'::jsonb, 3, 86400000, 'H H(2-4) * * *'
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
    due = excluded.due,
    late_after = excluded.late_after,
    interval_ms = excluded.interval_ms,
    spread_from = excluded.spread_from,
    auth = null,
    description = null,
    owner = null,
    retry = null,
    overlap = null,
    limits = null,
    expect = null,
    parameters = null,
    catch_up = null,
    on_failure = null,
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
        (11::bigint, '17 * * * *'::text, null::text, null::boolean),
        (12::bigint, '5 * * * *'::text, null::text, null::boolean),
        (13::bigint, '46 3 * * *'::text, null::text, null::boolean)
) a (jobid, schedule, command, active);

-- remember the definitions
update supacron.job j
set applied = to_jsonb(j) - array[
    'id', 'stack', 'name', 'jobid', 'scheduled_at', 'created_at', 'changed_at', 'removed_at', 'closed', 'applied'
]
where j.stack = 'golden' and j.removed_at is null
    and (j.applied is null or j.name = any(array['new', 'drawn', 'hourly', 'nightly']::text[]));

-- remember which rows there are
update supacron.stack s
set applied = jsonb_build_object(
    'stack', '{"cron_history_ms": 604800000, "limits": {}, "on_failover": "warn", "project_url": "https://examplexgoldxproject.supabase.co", "runs_ms": 2592000000}'::jsonb,
    'secrets', '{}'::jsonb,
    'alerts', array(select a.name from supacron.alert a where a.stack = s.name),
    'pings', array(select 'ping' from supacron.ping p where p.stack = s.name),
    'jobs', array(select j.name from supacron.job j where j.stack = s.name and j.removed_at is null)
)
where s.name = 'golden';
