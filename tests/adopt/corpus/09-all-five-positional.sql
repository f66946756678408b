--: call
select net.http_post('@URL@/functions/v1/@JOB@', '{"a": [1, 2]}'::jsonb, '{"page": "2"}'::jsonb, '{"Content-Type": "application/json", "X-Cron-Secret": "@OPAQUE@"}'::jsonb, 3000);
