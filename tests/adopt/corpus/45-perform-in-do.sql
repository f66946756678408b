--: call
do $$
begin
  perform net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := jsonb_build_object('Content-Type', 'application/json', 'Authorization', 'Bearer @SERVICE@'),
    body := '{}'::jsonb
  );
end $$;
