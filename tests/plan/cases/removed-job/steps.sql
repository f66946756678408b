-- unschedule jobs
select cron.unschedule(c.jobid)
from cron.job c
where c.jobid = any(array[12]::bigint[]) and c.username = current_user;

-- mark jobs as removed
with past as (
    insert into supacron.past_jobid (jobid, job_id, since)
    select jobid, id, scheduled_at
    from supacron.job
    where stack = 'golden' and name = any(array['vacuum']::text[]) and jobid is not null
    on conflict (jobid) do update set job_id = excluded.job_id, since = excluded.since, until = now()
),
removed as (
    update supacron.job
    set removed_at = now(), jobid = null
    where stack = 'golden' and name = any(array['vacuum']::text[])
    returning id
)
delete from supacron.pause p using removed r where p.job_id = r.id;

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
