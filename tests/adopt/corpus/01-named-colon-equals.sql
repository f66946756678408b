--: call
SELECT net.http_post(
  url:='@URL@/functions/v1/@JOB@',
  headers:='{"Content-Type": "application/json", "Authorization": "Bearer @ANON@"}'::jsonb,
  body:='{"batch_size": 20}'::jsonb
) as request_id;
