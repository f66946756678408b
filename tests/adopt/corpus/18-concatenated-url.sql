--: call
select net.http_post(
  url := '@URL@' || '/functions/v1/' || '@JOB@',
  headers := jsonb_build_object('Authorization', 'Bearer ' || '@ANON@')
)
