--: call
do $$
declare
  v_id bigint;
begin
  select net.http_post(url := '@URL@/functions/v1/@JOB@', body := '{"into": true}'::jsonb) into v_id;
end;
$$ language plpgsql;
