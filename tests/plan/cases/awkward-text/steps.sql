-- schedule the runtime's own jobs
select cron.schedule(r.name::name, r.schedule, r.command)
from (
    values
        ('supacron-collect', '* * * * *', 'select supacron.collect()'),
        ('supacron-prune', '7 * * * *', 'select supacron.prune()')
) r (name, schedule, command);

-- cron.schedule leaves a job that is there already as inactive as it is.
select cron.alter_job(job_id := c.jobid, active := true)
from cron.job c
where c.jobname::text = any(array['supacron-collect', 'supacron-prune']::text[]) and not c.active and c.username = current_user;

-- record the stack golden
insert into supacron.stack (name, program, project_url, runs_retention, cron_history_retention, on_failover, repair)
values (
    'golden', null, 'https://examplexgoldxproject.supabase.co',
    2592000000 * interval '1 millisecond', 604800000 * interval '1 millisecond',
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
            'golden', 'body', '0 4 * * *', true, 'select supacron.call(''body'')',
            'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/echo', '{"Content-Type": "application/json", "X-Note": "it''s"}'::jsonb, E'{"list": [1, 2.5, true, null, "ü"], "nested": {"deep": {"er": []}}, "quote''": "\\\\ '' \\" $$"}'::jsonb, 30000,
            null::jsonb, null, null
        ),
        (
            'golden', E'it''s $$ a \\ "name" 😀', '0 3 * * *', true, E'do $job$ begin raise notice ''it''''s \\ %'', ''$$''; end $job$
',
            null, null, null::jsonb, null::jsonb, null,
            null::jsonb, '; drop schema supacron cascade; -- {{ not a template }}', 'O''Brien'
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
