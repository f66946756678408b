-- A job that was paused or disabled meanwhile stays inactive. alter_job raises when nothing changes. A job that says so makes
-- up for what was due meanwhile.
with over as (
    delete from supacron.stopped_job s
    using supacron.job j
    where j.id = s.job_id and j.stack = %(stack)s
    returning j.id, j.jobid, j.enabled and j.removed_at is null as wanted
)
select cron.alter_job(job_id := c.jobid, active := true), supacron.catch_up(o.id, %(since)s)
from over o
join cron.job c on c.jobid = o.jobid and not c.active
where o.wanted and not exists (select from supacron.pause p where p.job_id = o.id);
