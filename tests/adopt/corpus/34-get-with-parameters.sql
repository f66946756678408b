--: call
select net.http_get(
  url := '@URL@/api/@JOB@',
  params := jsonb_build_object('summary', true, 'q', 'a b&c', 'page', 2),
  headers := jsonb_build_object('Authorization', 'Bearer @OPAQUE@')
)
