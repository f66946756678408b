-- The rough pattern spares reading what cannot hold a token; the history of one job repeats the same text.
select
    coalesce(j.jobname, case when j.jobid is null then '(unscheduled since)' else '(without a name)' end),
    p.part, d.jobid, min(d.runid), max(d.runid), count(*), p.content
from cron.job_run_details d
cross join lateral (values ('command', d.command), ('return_message', d.return_message)) p (part, content)
left join cron.job j on j.jobid = d.jobid
where p.content ~* 'eyJ|sb_|sbp_|bearer|authorization|@|key|secret|token'
group by j.jobid, j.jobname, p.part, d.jobid, p.content
order by d.jobid, min(d.runid)
