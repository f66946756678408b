-- record the stack golden
insert into supacron.stack (name, program, project_url, runs_retention, cron_history_retention, on_failover, repair)
values (
    'golden', null, 'https://examplexgoldxproject.supabase.co',
    7776000000 * interval '1 millisecond', 604800000 * interval '1 millisecond',
    'warn', 0
)
on conflict (name) do update
set program = coalesce(excluded.program, stack.program),
    project_url = excluded.project_url,
    runs_retention = excluded.runs_retention,
    cron_history_retention = excluded.cron_history_retention,
    on_failover = excluded.on_failover,
    repair = greatest(stack.repair, excluded.repair),
    applied_at = now(),
    destroyed_at = null;

-- define secrets
insert into supacron.secret (stack, name, vault_name, env, description, rotate_after)
values
    ('golden', 'other_key', 'the_other_key', null, null, null * interval '1 millisecond'),
    ('golden', 'cron_key', 'supacron/golden/cron_key', 'CRON_KEY', 'The key of the functions', null * interval '1 millisecond')
on conflict (stack, name) do update
set vault_name = excluded.vault_name, env = excluded.env, description = excluded.description,
    rotate_after = excluded.rotate_after;

-- create jobs
insert into supacron.job (
    stack, name, schedule, enabled, command,
    method, url, headers, body, timeout_ms,
    auth, description, owner,
    jobid
)
select
    v.stack, v.name, v.schedule, v.enabled, v.command,
    v.method, v.url, v.headers, v.body, v.timeout_ms::integer,
    v.auth, v.description, v.owner,
    cron.schedule(v.name::name, v.schedule, v.command)
from (
    values
        (
            'golden', 'api', '*/10 * * * *', true, 'select supacron.call(''api'')',
            'GET', 'https://hooks.example.com/poll?kind=1', '{}'::jsonb, null::jsonb, 30000,
            '[{"header": "apikey", "prefix": "", "secret": "cron_key"}]'::jsonb, null, null
        )
) v (
    stack, name, schedule, enabled, command,
    method, url, headers, body, timeout_ms,
    auth, description, owner
)
on conflict (stack, name) do update
set schedule = excluded.schedule, enabled = excluded.enabled, command = excluded.command,
    method = excluded.method, url = excluded.url, headers = excluded.headers, body = excluded.body,
    timeout_ms = excluded.timeout_ms, auth = excluded.auth, description = excluded.description, owner = excluded.owner,
    changed_at = now(), removed_at = null, jobid = excluded.jobid, scheduled_at = now();

-- define jobs
insert into supacron.job (
    stack, name, schedule, enabled, command,
    method, url, headers, body, timeout_ms,
    auth, description, owner
)
values
    (
        'golden', 'nightly', '0 3 * * *', false, 'select supacron.call(''nightly'')',
        'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/report', '{"Content-Type": "application/json"}'::jsonb, '{"kind": "nightly"}'::jsonb, 30000,
        '[{"header": "X-Cron-Key", "prefix": "", "secret": "other_key"}]'::jsonb, null, null
    )
on conflict (stack, name) do update
set schedule = excluded.schedule, enabled = excluded.enabled, command = excluded.command,
    method = excluded.method, url = excluded.url, headers = excluded.headers, body = excluded.body,
    timeout_ms = excluded.timeout_ms, auth = excluded.auth, description = excluded.description, owner = excluded.owner,
    changed_at = now(), removed_at = null;

-- alter jobs in place
select cron.alter_job(job_id := a.jobid, schedule := a.schedule, command := a.command, active := a.active)
from (
    values
        (11::bigint, null::text, null::text, false::boolean)
) a (jobid, schedule, command, active);
