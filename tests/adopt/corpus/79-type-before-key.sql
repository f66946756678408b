--: sql: the body
select net.http_post(url := '@URL@/functions/v1/@JOB@', headers := jsonb '{"Authorization": "Bearer @ANON@"}', body := jsonb_build_object('r', random() < 2));
