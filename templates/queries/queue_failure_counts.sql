select a.job_type::text, count(*)
from supacron_queue.archive a
where a.status = 'failed'
    and (%(job_type)s::text is null or a.job_type = %(job_type)s)
    and (%(since_ms)s::bigint is null or a.finished_at > now() - %(since_ms)s * interval '1 millisecond')
group by a.job_type
order by 2 desc, 1;
