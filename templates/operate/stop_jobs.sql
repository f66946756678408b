with active as (
    select j.id, j.jobid
    from supacron.job j
    join cron.job c on c.jobid = j.jobid and c.active
    where j.stack = %(stack)s and j.removed_at is null
),
remembered as (
    insert into supacron.stopped_job (job_id) select a.id from active a on conflict do nothing
)
select cron.alter_job(job_id := a.jobid, active := false) from active a;
