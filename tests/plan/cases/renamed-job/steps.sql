-- rename jobs
-- A removed job that once had the new name makes room for it.
update supacron.job
set name = name || ' (removed ' || id || ')'
where stack = 'golden' and name = any(array['report-nightly', 'weekly vacuum']::text[]) and removed_at is not null;

update supacron.job j
set name = r.new_name
from (
    values
        ('nightly', 'report-nightly'),
        ('vacuum', 'weekly vacuum')
) r (old_name, new_name)
where j.stack = 'golden' and j.name = r.old_name;

-- retire jobids
-- These jobs get a new jobid; what the old one did stays their history.
insert into supacron.past_jobid (jobid, job_id, since)
select jobid, id, scheduled_at
from supacron.job
where stack = 'golden' and name = any(array['report-nightly', 'weekly vacuum']::text[]) and jobid is not null
on conflict (jobid) do update set job_id = excluded.job_id, since = excluded.since, until = now();

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
            'golden', 'report-nightly', '0 3 * * *', true, 'select supacron.call(''report-nightly'')',
            'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/report', '{"Content-Type": "application/json"}'::jsonb, '{"kind": "nightly"}'::jsonb, 30000,
            '[{"header": "Authorization", "prefix": "Bearer ", "secret": "cron_key"}]'::jsonb, null, null
        ),
        (
            'golden', 'weekly vacuum', '45 4 * * 0', true, 'vacuum (analyze) public.events',
            null, null, null::jsonb, null::jsonb, null,
            null::jsonb, null, null
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

-- unschedule jobs
select cron.unschedule(c.jobid)
from cron.job c
where c.jobid = any(array[11, 12]::bigint[]) and c.username = current_user;
