-- alter_job raises when the job is gone, or when nothing changes.
select cron.alter_job(job_id := c.jobid, active := %(active)s)
from cron.job c
where c.jobid = %(jobid)s and c.active <> %(active)s;
