--: call
--: seen in lmnitzsche/Full-Stack-Reminder-System setup_cron.sql
  SELECT
    net.http_post(
      url:='@URL@/functions/v1/@JOB@',
      headers:='{"Content-Type": "application/json", "Authorization": "Bearer @ANON@"}'::jsonb,
      body:='{}'::jsonb
    ) AS request_id;
