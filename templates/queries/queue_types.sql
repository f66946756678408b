with waiting as (
    select
        r.job_type,
        count(*) as pending,
        count(*) filter (where r.scheduled_for <= now()) as due,
        min(r.scheduled_for) filter (where r.scheduled_for <= now()) as oldest
    from supacron_queue.ready r
    group by r.job_type
),
held as (
    select r.job_type, count(*) as processing from supacron_queue.running r group by r.job_type
),
dead as (
    select a.job_type, count(*) as failed from supacron_queue.archive a where a.status = 'failed' group by a.job_type
),
done as (
    select
        a.job_type,
        count(*) as completed_last_hour,
        avg(extract(epoch from a.finished_at - a.started_at))::double precision as seconds
    from supacron_queue.archive a
    where a.finished_at > now() - interval '1 hour' and a.status = 'completed'
    group by a.job_type
)
select
    job_type::text,
    coalesce(w.pending, 0) as pending,
    coalesce(w.due, 0) as due,
    extract(epoch from now() - w.oldest)::double precision as oldest_due_seconds,
    coalesce(h.processing, 0) as processing,
    coalesce(f.failed, 0) as failed,
    coalesce(d.completed_last_hour, 0) as completed_last_hour,
    d.seconds as avg_processing_time_seconds
from waiting w
full join held h using (job_type)
full join dead f using (job_type)
full join done d using (job_type)
order by 1;
