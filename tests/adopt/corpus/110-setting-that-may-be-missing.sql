--: sql: the headers
--: seen in Anhfurev/binance-secret supabase/setup-cron.sql
  select net.http_post(
    url     := '@URL@/functions/v1/@JOB@',
    headers := jsonb_build_object(
      'Content-Type',   'application/json',
      'x-cron-secret',  current_setting('app.settings.service_key', true)
    ),
    body    := '{}'::jsonb
  ) as request_id;
