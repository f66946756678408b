-- define secrets
insert into supacron.secret (stack, name, vault_name, env, description, rotate_after)
values
    ('golden', 'other', 'supacron/golden/other', null, null, null * interval '1 millisecond')
on conflict (stack, name) do update
set vault_name = excluded.vault_name, env = excluded.env, description = excluded.description,
    rotate_after = excluded.rotate_after;

-- end alerts
select supacron.retire_alerts('golden', array['gone']::text[]);

-- define alerts
insert into supacron.alert (
    stack, name, kind, condition, webhook, format, description, start_after_ms, end_after_ms, repeat_every_ms
)
values
    (
        'golden', 'made', 'secret_expiry', '{"within_ms": 1209600000}'::jsonb, 'hook',
        'json', 'it''s ''); drop schema supacron cascade; --', 600000, 300000, 14400000
    ),
    (
        'golden', 'changed', 'run_failures', '{"at_least": 1, "jobs": ["nightly"], "over_percent": 50, "window_ms": 3600000}'::jsonb, 'other',
        'slack', null, 0, 300000, null
    )
on conflict (stack, name) do update
set kind = excluded.kind, condition = excluded.condition, webhook = excluded.webhook, format = excluded.format,
    description = excluded.description, start_after_ms = excluded.start_after_ms, end_after_ms = excluded.end_after_ms,
    repeat_every_ms = excluded.repeat_every_ms,
    -- How long another condition held says nothing of this one.
    holds_since = case when (alert.kind, alert.condition) = (excluded.kind, excluded.condition) then alert.holds_since end,
    clear_since = case when (alert.kind, alert.condition) = (excluded.kind, excluded.condition) then alert.clear_since end;

update supacron.alert a
set applied = to_jsonb(a) - array['stack', 'name', 'applied', 'holds_since', 'clear_since', 'error']
where a.stack = 'golden' and a.name = any(array['made', 'changed']::text[]);

-- define the ping
insert into supacron.ping (stack, secret, every_ms)
values ('golden', 'other', 300000)
on conflict (stack) do update
set secret = excluded.secret, every_ms = excluded.every_ms;

update supacron.ping p
set applied = jsonb_build_object('secret', p.secret, 'every_ms', p.every_ms)
where p.stack = 'golden';

-- define jobs
insert into supacron.job (
    stack, name, schedule, command, enabled, due, late_after, interval_ms
)
values
    (
        'golden', 'nightly',
        '0 3 * * *', 'select 1', true, '{"days": 4294967294, "either": false, "hours": 8, "last_day": false, "minutes": 1, "months": 8190, "weekdays": 127}'::jsonb, 0, 86400000
    )
on conflict (stack, name) do update
set
    schedule = excluded.schedule,
    command = excluded.command,
    enabled = excluded.enabled,
    due = excluded.due,
    late_after = excluded.late_after,
    interval_ms = excluded.interval_ms,
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

-- remember which rows there are
update supacron.stack s
set applied = jsonb_build_object(
    'stack', '{"cron_history_ms": 604800000, "limits": {}, "on_failover": "warn", "project_url": "https://examplexgoldxproject.supabase.co", "runs_ms": 2592000000}'::jsonb,
    'secrets', '{"hook": {"description": null, "env": null, "rotate_after_ms": null, "vault_name": "supacron/golden/hook"}, "other": {"description": null, "env": null, "rotate_after_ms": null, "vault_name": "supacron/golden/other"}}'::jsonb,
    'alerts', array(select a.name from supacron.alert a where a.stack = s.name),
    'pings', array(select 'ping' from supacron.ping p where p.stack = s.name),
    'jobs', array(select j.name from supacron.job j where j.stack = s.name and j.removed_at is null)
)
where s.name = 'golden';
