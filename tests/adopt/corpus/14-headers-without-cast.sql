--: call
select net.http_post(
  url := '@URL@/functions/v1/@JOB@',
  headers := '{"Content-Type": "application/json", "Authorization": "Bearer @ANON@"}',
  body := '{"kind": "nightly"}'
)
