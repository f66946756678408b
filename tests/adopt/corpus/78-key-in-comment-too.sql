--: sql: the body
-- was: Bearer @ANON@
select net.http_post(url := '@URL@/functions/v1/@JOB@', headers := '{"Authorization": "Bearer @ANON@"}'::jsonb, body := jsonb_build_object('day', current_date));
