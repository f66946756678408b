--: sql: the body
select
  net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := '{"Content-Type": "application/json", "Authorization": "Bearer @ANON@"}'::jsonb,
    body := concat('{"time": "', now(), '"}')::jsonb
  ) as request_id;
