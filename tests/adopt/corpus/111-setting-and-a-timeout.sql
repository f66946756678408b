--: sql: the headers
--: seen in HappyKnuckles/HouseWife supabase/cron/schedule.sql
  select net.http_post(
    url     := '@URL@/functions/v1/@JOB@',
    headers := jsonb_build_object(
                 'Content-Type', 'application/json',
                 'x-cron-secret', current_setting('app.settings.service_key', true)
               ),
    body    := '{}'::jsonb,
    timeout_milliseconds := 4000
  );
