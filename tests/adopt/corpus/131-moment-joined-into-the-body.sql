--: fails: no JSON, so the job fails
--: seen in Xprriacst/dailygrowth-v2 setup_cron.sql
  SELECT
    net.http_post(
      url:='@URL@/functions/v1/@JOB@',
      headers:='{"Content-Type": "application/json", "Authorization": "Bearer @SERVICE@"}'::jsonb,
      body:='{"cause": "clock", "moment": "' || now()::text || '"}'::jsonb
    );
