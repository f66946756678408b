--: sql: the headers
--: seen in devribero/caremind supabase/cron-jobs.sql
  SELECT
    net.http_post(
      url := '@URL@/functions/v1/@JOB@',
      headers := jsonb_build_object(
        'Content-Type', 'application/json',
        'X-Cron-Secret', app_key()
      )::jsonb,
      body := '{}'::jsonb
    ) AS request_id;
