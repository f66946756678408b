--: call
--: seen in fvonhoven/feed-vine setup-cron.sql
  SELECT net.http_post(
    url:='@URL@/functions/v1/@JOB@',
    headers:='{"Content-Type": "application/json", "X-Cron-Secret": "@OPAQUE@"}'::jsonb
  ) AS request_id;
