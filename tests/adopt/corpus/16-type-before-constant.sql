--: call
select net.http_post(
  url := text '@URL@/functions/v1/@JOB@',
  headers := jsonb '{"Authorization": "Bearer @ANON@"}',
  body := jsonb '{"tags": ["a", "b"]}'
)
