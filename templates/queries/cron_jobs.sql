select jobid, jobname, schedule, command, active, username from cron.job;
