--: sql: 2 statements
select net.http_post(url := '@URL@/functions/v1/@JOB@', headers := '{"Authorization": "Bearer @SERVICE@"}'::jsonb);
select net.http_post(url := '@URL@/functions/v1/@JOB@/second', headers := '{"Authorization": "Bearer @SERVICE@"}'::jsonb);
