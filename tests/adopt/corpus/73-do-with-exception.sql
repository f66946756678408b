--: sql: handles errors
do $$
begin
  perform net.http_post(url := '@URL@/functions/v1/@JOB@', headers := jsonb_build_object('Authorization', 'Bearer @ANON@'));
exception when others then
  raise warning 'failed: %', sqlerrm;
end $$;
