-- cron.job is readable only: jobs change through cron.schedule, cron.alter_job and cron.unschedule.
grant usage on schema cron to postgres with grant option;
grant execute on all functions in schema cron to postgres with grant option;
grant select on table cron.job to postgres with grant option;
grant select, delete on table cron.job_run_details to postgres with grant option;
