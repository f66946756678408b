-- Rows that hold one of these texts: those that may be changed, and those of runs that are under way.
select
    count(*) filter (where d.end_time is not null or d.start_time < now() - interval '1 day'),
    count(*) filter (where d.end_time is null and coalesce(d.start_time >= now() - interval '1 day', true))
from cron.job_run_details d
where md5(d.command) = any(%(digests)s) or md5(d.return_message) = any(%(digests)s)
