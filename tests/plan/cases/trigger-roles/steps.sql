-- let roles trigger jobs
revoke execute on function supacron.trigger(text, jsonb) from "support";
revoke usage on schema supacron from "support";
grant usage on schema supacron to "app.Button";
grant execute on function supacron.trigger(text, jsonb) to "app.Button";
grant usage on schema supacron to "authenticated";
grant execute on function supacron.trigger(text, jsonb) to "authenticated";
-- The grants are part of what is looked at for drift.
update supacron.runtime
set fingerprint = (select md5(coalesce(string_agg(o.definition, e'\n' order by o.definition), ''))
from (
    select pg_get_functiondef(p.oid) || coalesce(p.proacl::text, '') as definition
    from pg_proc p
    where p.pronamespace = to_regnamespace('supacron')
    union all
    select c.oid::regclass::text || coalesce(c.relacl::text, '')
        || case c.relkind when 'v' then pg_get_viewdef(c.oid) else c.relrowsecurity::text end
    from pg_class c
    where c.relnamespace = to_regnamespace('supacron') and c.relkind in ('r', 'v', 'S')
    union all
    select n.nspname || coalesce(n.nspacl::text, '')
    from pg_namespace n
    where n.nspname = 'supacron'
) o

),
objects = (select jsonb_object_agg(o.name, md5(o.definition))
from (
    select 'function ' || p.oid::regprocedure::text as name, pg_get_functiondef(p.oid) as definition
    from pg_proc p
    where p.pronamespace = to_regnamespace('supacron')
    union all
    select 'grants on function ' || p.oid::regprocedure::text, coalesce(p.proacl::text, '')
    from pg_proc p
    where p.pronamespace = to_regnamespace('supacron')
    union all
    select 'view ' || c.oid::regclass::text, pg_get_viewdef(c.oid)
    from pg_class c
    where c.relnamespace = to_regnamespace('supacron') and c.relkind = 'v'
    union all
    select 'row level security of ' || c.oid::regclass::text, c.relrowsecurity::text
    from pg_class c
    where c.relnamespace = to_regnamespace('supacron') and c.relkind = 'r'
    union all
    select 'grants on ' || c.oid::regclass::text, coalesce(c.relacl::text, '')
    from pg_class c
    where c.relnamespace = to_regnamespace('supacron') and c.relkind in ('r', 'v', 'S')
    union all
    select 'grants on schema ' || n.nspname, coalesce(n.nspacl::text, '')
    from pg_namespace n
    where n.nspname = 'supacron'
) o

);


-- define jobs
insert into supacron.job (
    stack, name, schedule, command, enabled, method, url, headers, body, timeout_ms, due, late_after, interval_ms, trigger_roles
)
values
    (
        'golden', 'report',
        '0 6 * * 1', 'select supacron.call(''report'')', true, 'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/f', '{"Content-Type": "application/json"}'::jsonb, '{}'::jsonb, 30000, '{"days": 4294967294, "either": false, "hours": 64, "last_day": false, "minutes": 1, "months": 8190, "weekdays": 2}'::jsonb, 3, 604800000, '["authenticated"]'::jsonb
    ),
    (
        'golden', 'sync',
        '0 7 * * 1', 'select supacron.call(''sync'')', true, 'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/f', '{"Content-Type": "application/json"}'::jsonb, '{}'::jsonb, 30000, '{"days": 4294967294, "either": false, "hours": 128, "last_day": false, "minutes": 1, "months": 8190, "weekdays": 2}'::jsonb, 3, 604800000, '["app.Button", "authenticated"]'::jsonb
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
    trigger_roles = excluded.trigger_roles,
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

-- remember the definitions
update supacron.job j
set applied = to_jsonb(j) - array[
    'id', 'stack', 'name', 'jobid', 'scheduled_at', 'created_at', 'changed_at', 'removed_at', 'closed', 'applied'
]
where j.stack = 'golden' and j.removed_at is null
    and (j.applied is null or j.name = any(array['report', 'sync']::text[]));

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
