--: call
--: seen in KyleAlanJeffrey/marquee supabase/schedule.sql
  select net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := jsonb_build_object(
      'Content-Type', 'application/json',
      'x-cron-secret', '@OPAQUE@'
    ),
    body := '{}'::jsonb,
    timeout_milliseconds := 4000
  );
