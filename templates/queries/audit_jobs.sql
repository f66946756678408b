select coalesce(jobname, '(without a name)'), '', jobid, null::bigint, null::bigint, 1, command
from cron.job
order by jobid
