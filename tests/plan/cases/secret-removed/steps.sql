-- define jobs
insert into supacron.job (
    stack, name, schedule, command, enabled, method, url, headers, body, timeout_ms, due, late_after, interval_ms
)
values
    (
        'golden', 'nightly',
        '0 3 * * *', 'select supacron.call(''nightly'')', true, 'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/report', '{"Content-Type": "application/json"}'::jsonb, '{"kind": "nightly"}'::jsonb, 30000, '{"days": 4294967294, "either": false, "hours": 8, "last_day": false, "minutes": 1, "months": 8190, "weekdays": 127}'::jsonb, 3, 86400000
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
    and (j.applied is null or j.name = any(array['nightly']::text[]));

-- remove secrets
delete from supacron.secret
where stack = 'golden' and name = any(array['old_key']::text[]);

with forgotten as (
    delete from supacron.secret_version
    where vault_name = any(array['supacron/golden/old_key']::text[])
    returning vault_name, written
)
-- Only what supacron wrote: where Vault had a value before, the entry is somebody else's, whatever was written since.
delete from vault.secrets s
where s.name in (select f.vault_name from forgotten f group by f.vault_name having bool_and(f.written));

with over as (
    delete from supacron.rotation
    where vault_name = any(array['supacron/golden/old_key']::text[])
    returning vault_name
)
delete from vault.secrets s
using over o
where s.name in (o.vault_name || '/next', o.vault_name || '/previous');

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
