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

-- make the archive's first partitions
select supacron_queue.make_partitions();

-- set the queue's rules
-- Unless somebody deleted it the row is there.
insert into supacron_queue.settings default values on conflict do nothing;
update supacron_queue.settings
set max_attempts = 5,
    backoff_base = 10000 * interval '1 millisecond',
    backoff_max = 3600000 * interval '1 millisecond',
    lease = 600000 * interval '1 millisecond',
    timeout = 60000 * interval '1 millisecond',
    patience = 300000 * interval '1 millisecond',
    patience_share = 20 / 100.0,
    tenant_max_running = null,
    tenant_claim = 'app_metadata.tenant_id',
    clients_read = false,
    urgent_roles = array['it''s']::text[],
    idempotency_window = 86400000 * interval '1 millisecond',
    archive_after = 2592000000 * interval '1 millisecond',
    archive_keep = 7776000000 * interval '1 millisecond';
delete from supacron_queue.job_type
where name <> all(array[E'it''s; -- \\', 'plain']::text[]);
insert into supacron_queue.job_type as t (name, max_attempts, backoff_base, backoff_max, lease, timeout, urgent, clients)
values
    (
        E'it''s; -- \\', null,
        null * interval '1 millisecond', null * interval '1 millisecond',
        null * interval '1 millisecond', 120000 * interval '1 millisecond',
        true, false
    ),
    (
        'plain', null,
        null * interval '1 millisecond', null * interval '1 millisecond',
        null * interval '1 millisecond', null * interval '1 millisecond',
        false, false
    )
on conflict (name) do update
set max_attempts = excluded.max_attempts, backoff_base = excluded.backoff_base, backoff_max = excluded.backoff_max,
    lease = excluded.lease, timeout = excluded.timeout, urgent = excluded.urgent, clients = excluded.clients;

-- schedule the queue's own job
select cron.schedule(r.name::name, r.schedule, r.command)
from (
    values
        ('supacron-queue', '* * * * *', 'select supacron_queue.maintain()')
) r (name, schedule, command);

-- cron.schedule leaves a job that is there already as inactive as it is.
select cron.alter_job(job_id := c.jobid, active := true)
from cron.job c
where c.jobname::text = any(array['supacron-queue']::text[]) and not c.active and c.username = current_user;

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
