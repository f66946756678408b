--: sql: the headers
--: seen in itoufo/submit supabase/setup-cron.sql
  SELECT net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := jsonb_build_object(
      'Authorization', 'Bearer ' || current_setting('app.settings.service_key'),
      'Content-Type', 'application/json'
    ),
    body := '{}'::jsonb
  );
