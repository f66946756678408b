select
    (select r.collected_at from supacron.runtime r),
    greatest(
        (select r.installed_at from supacron.runtime r), (select max(s.applied_at) from supacron.stack s)
    ),
    (select count(*) from supacron.run r where r.outcome is null and r.deadline < now()),
    last_run.start_time, last_run.status, last_run.return_message
from (select) here
left join lateral (
    select d.start_time, d.status, d.return_message
    from cron.job c
    join cron.job_run_details d on d.jobid = c.jobid
    where c.jobname = 'supacron-collect' and d.start_time is not null
    order by d.runid desc
    limit 1
) last_run on true;
