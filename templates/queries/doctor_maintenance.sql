select d.status, d.return_message
from cron.job c
join cron.job_run_details d on d.jobid = c.jobid
where c.jobname = 'supacron-queue' and d.status in ('succeeded', 'failed')
order by d.runid desc
limit 1;
