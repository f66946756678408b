select
    r.id,
    r.job_type::text,
    nullif(r.tenant_id, '') as tenant_id,
    r.attempts,
    r.worker,
    r.started_at,
    r.lease_expires_at,
    now() as now
from supacron_queue.running r
where r.lease_expires_at < now() or r.started_at < now() - %(running_for_ms)s * interval '1 millisecond'
order by r.started_at, r.id
limit %(limit)s;
