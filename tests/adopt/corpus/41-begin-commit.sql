--: call
begin;
select net.http_post(url := '@URL@/functions/v1/@JOB@', headers := '{"Authorization": "Bearer @ANON@"}'::jsonb);
commit;
