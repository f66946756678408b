--: refuse: parser does not take
select net.http_post(url := '@URL@/functions/v1/@JOB@', headers := '{"Authorization": "Bearer @SERVICE@"}'::jsonb
