--: sql: a key stands in the URL or the body
select net.http_post(url := '@URL@/functions/v1/@JOB@', body := '{"cron_secret": "@OPAQUE@", "days": 7}'::jsonb);
