-- define jobs
insert into supacron.job (
    stack, name, schedule, enabled, command,
    method, url, headers, body, timeout_ms,
    auth, description, owner
)
values
    (
        'golden', 'nightly', '15 2 * * *', true, 'select supacron.call(''nightly'')',
        'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/report', '{"Content-Type": "application/json"}'::jsonb, '{"deep": true, "kind": "nightly"}'::jsonb, 30000,
        '[{"header": "Authorization", "prefix": "Bearer ", "secret": "cron_key"}]'::jsonb, null, null
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
        (11::bigint, '15 2 * * *'::text, null::text, null::boolean)
) a (jobid, schedule, command, active);
