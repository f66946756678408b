--: call
--: seen in delsolprimehomes1/blog-knowledge-vault-ffd34106 supabase/cron_jobs.sql
  SELECT net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := '{"Content-Type": "application/json", "Authorization": "Bearer @ANON@"}'::jsonb,
    body := '{"asked_by": "clock"}'::jsonb
  ) AS request_id;
