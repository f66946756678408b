create or replace view public.priority_queue
with (security_invoker = true) as
select
    r.id,
    r.job_type::text as job_type,
    r.payload,
    r.priority::integer as priority,
    'pending'::text as status,
    nullif(r.tenant_id, '')::text as tenant_id,
    r.scheduled_for,
    r.created_at,
    coalesce(r.updated_at, r.created_at) as updated_at,
    null::timestamptz as started_at,
    null::timestamptz as completed_at,
    r.attempts,
    coalesce(
        (select k.max_attempts from supacron_queue.job_type k where k.name = r.job_type),
        (select s.max_attempts from supacron_queue.settings s)
    ) as max_attempts,
    r.error_message,
    r.idempotency_key,
    null::text as worker,
    null::timestamptz as lease_expires_at
from supacron_queue.ready r
union all
select
    r.id,
    r.job_type::text,
    r.payload,
    r.priority::integer,
    'processing'::text,
    nullif(r.tenant_id, '')::text,
    r.scheduled_for,
    r.created_at,
    r.started_at,
    r.started_at,
    null::timestamptz,
    r.attempts,
    coalesce(
        (select k.max_attempts from supacron_queue.job_type k where k.name = r.job_type),
        (select s.max_attempts from supacron_queue.settings s)
    ),
    r.error_message,
    r.idempotency_key,
    r.worker,
    r.lease_expires_at
from supacron_queue.running r
union all
select
    a.id,
    a.job_type::text,
    a.payload,
    a.priority::integer,
    a.status,
    nullif(a.tenant_id, '')::text,
    a.scheduled_for,
    a.created_at,
    a.finished_at,
    a.started_at,
    case a.status when 'completed' then a.finished_at end,
    a.attempts,
    coalesce(
        (select k.max_attempts from supacron_queue.job_type k where k.name = a.job_type),
        (select s.max_attempts from supacron_queue.settings s)
    ),
    a.error_message,
    a.idempotency_key,
    a.worker,
    null::timestamptz
from supacron_queue.archive a
-- The first says nothing new, but a query for pending jobs is planned without the archive by it.
where a.status in ('completed', 'failed', 'cancelled')
    and (a.status = 'failed' or a.finished_at > now() - (select s.archive_after from supacron_queue.settings s));
comment on view public.priority_queue is
'Every job of the queue: waiting, running, and ended since archive_after (failed ones until they are dropped).';
create or replace trigger priority_queue_write
instead of insert or update or delete on public.priority_queue
for each row execute function supacron_queue.write_priority_queue();
