with ended as (
    delete from supacron.pause where job_id = %(job_id)s returning job_id, paused_at
)
select supacron.catch_up(e.job_id, e.paused_at)
from ended e
join supacron.job j on j.id = e.job_id and j.enabled;
