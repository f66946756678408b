-- create jobs
insert into supacron.job (
    stack, name, jobid, schedule, command, enabled, due, late_after, runs_at
)
values
    (
        'golden', 'once',
        cron.schedule('once'::name, '59 23 31 12 *', 'select 1'),
        '59 23 31 12 *', 'select 1', true, '{"days": 2147483648, "either": false, "hours": 8388608, "last_day": false, "minutes": 576460752303423488, "months": 4096, "weekdays": 127}'::jsonb, 3, '2099-12-31T23:59:00Z'
    )
on conflict (stack, name) do update
set
    schedule = excluded.schedule,
    command = excluded.command,
    enabled = excluded.enabled,
    due = excluded.due,
    late_after = excluded.late_after,
    runs_at = excluded.runs_at,
    method = null,
    url = null,
    headers = null,
    body = null,
    timeout_ms = null,
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
    interval_ms = null,
    spread_from = null,
    trigger_roles = null,
    protect = null,
    runs_from = null,
    runs_until = null,
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
    stack, name, schedule, command, enabled, method, url, headers, body, timeout_ms, due, late_after, interval_ms, runs_from, runs_until, runs_at
)
values
    (
        'golden', 'campaign',
        '0 9 * * *', 'select supacron.call(''campaign'')', true, 'POST', 'https://example.com/campaign', '{"Content-Type": "application/json"}'::jsonb, '{}'::jsonb, 30000, '{"days": 4294967294, "either": false, "hours": 512, "last_day": false, "minutes": 1, "months": 8190, "weekdays": 127}'::jsonb, 3, 86400000, '2099-12-01T00:00:00Z', '2099-12-31T23:00:00Z', null
    ),
    (
        'golden', 'moved',
        '30 14 27 12 *', 'select supacron.call(''moved'')', true, 'POST', 'https://example.com/moved', '{"Content-Type": "application/json"}'::jsonb, '{}'::jsonb, 30000, '{"days": 134217728, "either": false, "hours": 16384, "last_day": false, "minutes": 1073741824, "months": 4096, "weekdays": 127}'::jsonb, 3, null, null, null, '2099-12-27T14:30:00Z'
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
    runs_from = excluded.runs_from,
    runs_until = excluded.runs_until,
    runs_at = excluded.runs_at,
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
    spread_from = null,
    trigger_roles = null,
    protect = null,
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
        (12::bigint, '30 14 27 12 *'::text, null::text, null::boolean)
) a (jobid, schedule, command, active);

-- remember the definitions
update supacron.job j
set applied = to_jsonb(j) - array[
    'id', 'stack', 'name', 'jobid', 'scheduled_at', 'created_at', 'changed_at', 'removed_at', 'closed', 'applied'
]
where j.stack = 'golden' and j.removed_at is null
    and (j.applied is null or j.name = any(array['once', 'campaign', 'moved']::text[]));

-- schedule those whose time it is
select supacron.keep_windows();

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
