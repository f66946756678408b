--: call
select net.http_post(
  url := '@URL@/functions/v1/@JOB@',
  headers := '{"Content-Type": "application/json"}'::jsonb || jsonb_build_object('Authorization', 'Bearer @ANON@')
)
