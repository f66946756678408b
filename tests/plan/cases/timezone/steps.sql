-- create jobs
insert into supacron.job (
    stack, name, jobid, schedule, command, enabled, method, url, headers, body, timeout_ms, due, late_after, interval_ms, timezone, cron_schedule
)
values
    (
        'golden', 'monthly',
        cron.schedule('monthly'::name, '0 18 28-31 * *', 'select supacron.call(''monthly'')'),
        '0 3 1 * *', 'select supacron.call(''monthly'')', true, 'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/bill', '{"Content-Type": "application/json"}'::jsonb, '{}'::jsonb, 30000, '{"days": 4026531840, "either": false, "hours": 262144, "last_day": false, "local": {"days": 2, "either": false, "hours": 8, "last_day": false, "minutes": 1, "months": 8190, "weekdays": 127}, "minutes": 1, "months": 8190, "weekdays": 127, "zone": "Asia/Tokyo"}'::jsonb, 3, 2682000000, 'Asia/Tokyo', '0 18 28-31 * *'
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
    timezone = excluded.timezone,
    cron_schedule = excluded.cron_schedule,
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
    runs_from = null,
    runs_until = null,
    runs_at = null,
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
    stack, name, schedule, command, enabled, method, url, headers, body, timeout_ms, due, late_after, interval_ms, timezone, cron_schedule, sql
)
values
    (
        'golden', 'cleanup',
        '30 2 * * *', 'call supacron.run_sql(''cleanup'')', true, null, null, null::jsonb, null::jsonb, null, '{"days": 4294967294, "either": false, "hours": 3, "last_day": false, "local": {"days": 4294967294, "either": false, "hours": 4, "last_day": false, "minutes": 1073741824, "months": 8190, "weekdays": 127}, "minutes": 1073741825, "months": 8190, "weekdays": 127, "zone": "Europe/Berlin"}'::jsonb, 3, 90000000, 'Europe/Berlin', '*/30 0,1 * * *', 'delete from public.events where at < now() - interval ''90 days'''
    ),
    (
        'golden', 'morning',
        '0 9 * * 1-5', 'select supacron.call(''morning'')', true, 'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/report', '{"Content-Type": "application/json"}'::jsonb, '{}'::jsonb, 30000, '{"days": 4294967294, "either": false, "hours": 24576, "last_day": false, "local": {"days": 4294967294, "either": false, "hours": 512, "last_day": false, "minutes": 1, "months": 8190, "weekdays": 62}, "minutes": 1, "months": 8190, "weekdays": 62, "zone": "America/New_York"}'::jsonb, 3, 262800000, 'America/New_York', '0 13,14 * * 1-5', null
    ),
    (
        'golden', 'often',
        '30 seconds', 'select supacron.call(''often'')', true, 'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/poll', '{"Content-Type": "application/json"}'::jsonb, '{}'::jsonb, 30000, null::jsonb, 3, 30000, null, null, null
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
    timezone = excluded.timezone,
    cron_schedule = excluded.cron_schedule,
    sql = excluded.sql,
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
    runs_from = null,
    runs_until = null,
    runs_at = null,
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
        (11::bigint, '*/30 0,1 * * *'::text, 'call supacron.run_sql(''cleanup'')'::text, null::boolean),
        (12::bigint, '0 13,14 * * 1-5'::text, null::text, null::boolean),
        (13::bigint, '30 seconds'::text, null::text, null::boolean)
) a (jobid, schedule, command, active);

-- remember the definitions
update supacron.job j
set applied = to_jsonb(j) - array[
    'id', 'stack', 'name', 'jobid', 'scheduled_at', 'created_at', 'changed_at', 'removed_at', 'closed', 'applied'
]
where j.stack = 'golden' and j.removed_at is null
    and (j.applied is null or j.name = any(array['monthly', 'cleanup', 'morning', 'often']::text[]));

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
