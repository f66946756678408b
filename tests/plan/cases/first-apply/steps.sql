-- schedule the runtime's own jobs
select cron.schedule(r.name::name, r.schedule, r.command)
from (
    values
        ('supacron-collect', '* * * * *', 'select supacron.collect()'),
        ('supacron-dispatch', '* * * * *', 'call supacron.dispatch()'),
        ('supacron-prune', '7 * * * *', 'select supacron.prune()')
) r (name, schedule, command);

-- cron.schedule leaves a job that is there already as inactive as it is.
select cron.alter_job(job_id := c.jobid, active := true)
from cron.job c
where c.jobname::text = any(array['supacron-collect', 'supacron-dispatch', 'supacron-prune']::text[]) and not c.active and c.username = current_user;

-- record the stack golden
insert into supacron.stack (name, program, project_url, runs_retention, cron_history_retention, on_failover, limits, repair)
values (
    'golden', null, 'https://examplexgoldxproject.supabase.co',
    2592000000 * interval '1 millisecond', 604800000 * interval '1 millisecond',
    'warn', '{}'::jsonb, 0
)
on conflict (name) do update
set program = coalesce(excluded.program, stack.program),
    project_url = excluded.project_url,
    runs_retention = excluded.runs_retention,
    cron_history_retention = excluded.cron_history_retention,
    on_failover = excluded.on_failover,
    limits = excluded.limits,
    repair = greatest(stack.repair, excluded.repair),
    applied_at = now(),
    destroyed_at = null;

-- define secrets
insert into supacron.secret (stack, name, vault_name, env, description, rotate_after)
values
    ('golden', 'cron_key', 'supacron/golden/cron_key', null, 'The key of the functions', null * interval '1 millisecond')
on conflict (stack, name) do update
set vault_name = excluded.vault_name, env = excluded.env, description = excluded.description,
    rotate_after = excluded.rotate_after;

-- create jobs
insert into supacron.job (
    stack, name, jobid, schedule, command, enabled, method, url, headers, body, timeout_ms, auth, due, late_after, interval_ms
)
values
    (
        'golden', 'nightly',
        cron.schedule('nightly'::name, '0 3 * * *', 'select supacron.call(''nightly'')'),
        '0 3 * * *', 'select supacron.call(''nightly'')', true, 'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/report', '{"Content-Type": "application/json"}'::jsonb, '{"kind": "nightly"}'::jsonb, 30000, '[{"header": "Authorization", "prefix": "Bearer ", "secret": "cron_key"}]'::jsonb, '{"days": 4294967294, "either": false, "hours": 8, "last_day": false, "minutes": 1, "months": 8190, "weekdays": 127}'::jsonb, 3, 86400000
    ),
    (
        'golden', 'vacuum',
        cron.schedule('vacuum'::name, '30 4 * * 0', 'vacuum (analyze) public.events'),
        '30 4 * * 0', 'vacuum (analyze) public.events', true, null, null, null::jsonb, null::jsonb, null, null::jsonb, '{"days": 4294967294, "either": false, "hours": 16, "last_day": false, "minutes": 1073741824, "months": 8190, "weekdays": 1}'::jsonb, 3, 604800000
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
    jobid = excluded.jobid,
    scheduled_at = now(),
    -- For another time it is neither done nor waiting.
    closed = case
        when (job.runs_from, job.runs_until, job.runs_at) is not distinct from (excluded.runs_from, excluded.runs_until, excluded.runs_at)
            then job.closed
    end,
    changed_at = now(),
    removed_at = null;

-- remember the definitions
update supacron.job j
set applied = to_jsonb(j) - array[
    'id', 'stack', 'name', 'jobid', 'scheduled_at', 'created_at', 'changed_at', 'removed_at', 'closed', 'applied'
]
where j.stack = 'golden' and j.removed_at is null
    and (j.applied is null or j.name = any(array['nightly', 'vacuum']::text[]));

-- remember which rows there are
update supacron.stack s
set applied = jsonb_build_object(
    'stack', '{"cron_history_ms": 604800000, "limits": {}, "on_failover": "warn", "project_url": "https://examplexgoldxproject.supabase.co", "runs_ms": 2592000000}'::jsonb,
    'secrets', '{"cron_key": {"description": "The key of the functions", "env": null, "rotate_after_ms": null, "vault_name": "supacron/golden/cron_key"}}'::jsonb,
    'alerts', array(select a.name from supacron.alert a where a.stack = s.name),
    'pings', array(select 'ping' from supacron.ping p where p.stack = s.name),
    'jobs', array(select j.name from supacron.job j where j.stack = s.name and j.removed_at is null)
)
where s.name = 'golden';
