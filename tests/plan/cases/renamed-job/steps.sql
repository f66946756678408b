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
    stack, name, jobid, schedule, command, enabled, method, url, headers, body, timeout_ms, auth, due, late_after, interval_ms
)
values
    (
        'golden', 'report-nightly',
        cron.schedule('report-nightly'::name, '0 3 * * *', 'select supacron.call(''report-nightly'')'),
        '0 3 * * *', 'select supacron.call(''report-nightly'')', true, 'POST', 'https://examplexgoldxproject.supabase.co/functions/v1/report', '{"Content-Type": "application/json"}'::jsonb, '{"kind": "nightly"}'::jsonb, 30000, '[{"header": "Authorization", "prefix": "Bearer ", "secret": "cron_key"}]'::jsonb, '{"days": 4294967294, "either": false, "hours": 8, "last_day": false, "minutes": 1, "months": 8190, "weekdays": 127}'::jsonb, 3, 86400000
    ),
    (
        'golden', 'weekly vacuum',
        cron.schedule('weekly vacuum'::name, '45 4 * * 0', 'vacuum (analyze) public.events'),
        '45 4 * * 0', 'vacuum (analyze) public.events', true, null, null, null::jsonb, null::jsonb, null, null::jsonb, '{"days": 4294967294, "either": false, "hours": 16, "last_day": false, "minutes": 35184372088832, "months": 8190, "weekdays": 1}'::jsonb, 3, 604800000
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
    and (j.applied is null or j.name = any(array['report-nightly', 'weekly vacuum']::text[]));

-- unschedule jobs
select cron.unschedule(c.jobid)
from cron.job c
where c.jobid = any(array[11, 12]::bigint[]) and c.username = current_user;

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
