--: call
--: seen in Hynox-org/blindly-dating-app supabase/setup_cron.sql
  SELECT net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := '{"Content-Type": "application/json", "Authorization": "Bearer @SERVICE@"}'::jsonb,
    body := '{}'::jsonb
  );
