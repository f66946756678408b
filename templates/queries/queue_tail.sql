-- Each part reads an index or a small table: a look every second must cost nothing at a million jobs.
select t.*
from (
    (
        select
            r.id,
            r.job_type::text as job_type,
            nullif(r.tenant_id, '') as tenant_id,
            'pending' as status,
            r.attempts,
            coalesce(r.updated_at, r.created_at) as at,
            r.scheduled_for,
            null as worker,
            case when r.attempts > 0 then supacron.redact(r.error_message) end as error
        from supacron_queue.ready r
        where r.id > %(last_id)s
        order by r.id desc
        limit %(limit)s
    )
    union
    select
        r.id,
        r.job_type::text,
        nullif(r.tenant_id, ''),
        'pending',
        r.attempts,
        coalesce(r.updated_at, r.created_at),
        r.scheduled_for,
        null,
        case when r.attempts > 0 then supacron.redact(r.error_message) end
    from supacron_queue.ready r
    where r.id = any(%(held)s::bigint[])
    union all
    select
        r.id,
        r.job_type::text,
        nullif(r.tenant_id, ''),
        'processing',
        r.attempts,
        r.started_at,
        r.scheduled_for,
        r.worker,
        null
    from supacron_queue.running r
    union all
    (
        select
            a.id,
            a.job_type::text,
            nullif(a.tenant_id, ''),
            a.status,
            a.attempts,
            a.finished_at,
            a.scheduled_for,
            a.worker,
            case when a.status <> 'completed' then supacron.redact(a.error_message) end
        from supacron_queue.archive a
        where a.finished_at > %(since)s
        order by a.finished_at desc
        limit %(limit)s
    )
) t
where %(job_type)s::text is null or t.job_type = %(job_type)s
order by t.at, t.id;
