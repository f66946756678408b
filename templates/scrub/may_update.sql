select has_table_privilege('cron.job_run_details', 'UPDATE')
