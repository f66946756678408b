--: sql: jsonb_strip_nulls
select net.http_post(
  url := '@URL@/functions/v1/@JOB@',
  headers := jsonb_strip_nulls(json_build_object('Authorization', 'Bearer @ANON@', 'X-Trace', null)::jsonb)
)
