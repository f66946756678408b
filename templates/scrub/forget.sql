-- The planner's statistics keep the most common texts until the next analyze.
analyze cron.job, cron.job_run_details
