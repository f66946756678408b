--: call
--: seen in Foodshareclub/foodshare-ai supabase/setup_cron.sql
  SELECT net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := '{"Content-Type": "application/json"}'::jsonb,
    body := '{}'::jsonb
  );
