--: fails: no JSON, so the job fails
--: seen in enesbilik/cleny supabase/cron_jobs.sql
  SELECT net.http_post(
    url := '@URL@/functions/v1/@JOB@?part=noon',
    headers := '{"Authorization": "Bearer ' || current_setting('app.settings.service_key') || '"}'::jsonb
  );
