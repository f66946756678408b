select jobid, jobname, schedule, command, active, username, database, username = current_user, database = current_database()
from cron.job
order by jobid
