--: sql: a block of 2 statements
do $$
declare
  v_headers jsonb := '{"Authorization": "Bearer @SERVICE@"}';
begin
  perform net.http_post(url := '@URL@/functions/v1/@JOB@', headers := v_headers, body := '{"step": 1}'::jsonb);
  perform net.http_post(url := '@URL@/functions/v1/@JOB@/second', headers := v_headers, body := '{"step": 2}'::jsonb);
end $$;
