-- Each different text of the history once, with a digest to find its rows by.
select t.digest, min(t.content)
from (
    select md5(d.command) as digest, d.command as content from cron.job_run_details d
    union all
    select md5(d.return_message), d.return_message from cron.job_run_details d
) t
where t.content is not null
group by t.digest
