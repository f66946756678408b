--: call
select net.http_post(
  url := '@URL@/functions/v1/@JOB@',
  headers := jsonb_build_object('content-type', 'application/json', 'x-internal-token', '@OPAQUE@'),
  body := '{"scope": "daily"}'::jsonb
)
