select
    f.id,
    f.job_type::text,
    nullif(f.tenant_id, '') as tenant_id,
    f.priority,
    f.attempts,
    f.created_at,
    f.finished_at,
    f.worker,
    supacron.redact(f.error_message) as error
from (
    select a.*
    from supacron_queue.archive a
    where a.status = 'failed'
        and (%(job_type)s::text is null or a.job_type = %(job_type)s)
        and (%(since_ms)s::bigint is null or a.finished_at > now() - %(since_ms)s * interval '1 millisecond')
    order by a.finished_at desc, a.id desc
    limit %(limit)s
) f
order by f.finished_at desc, f.id desc;
