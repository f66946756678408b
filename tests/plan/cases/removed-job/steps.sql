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
