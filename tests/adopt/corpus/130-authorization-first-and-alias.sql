--: call
--: seen in LuDittri/design-trends setup_cron.sql
  SELECT net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := '{"Authorization": "Bearer @SERVICE@", "Content-Type": "application/json"}'::jsonb,
    body := '{}'::jsonb
  ) AS request_id;
