--: call
select net.http_post(
  url := cast('@URL@/functions/v1/@JOB@' as text),
  headers := cast('{"Authorization": "Bearer @ANON@"}' as jsonb),
  body := cast('{"n": 1.5}' as jsonb)
)
