--: sql: a number
select net.http_post('@URL@/functions/v1/@JOB@', '{"price": 1.10}'::jsonb, headers := '{"Authorization": "Bearer @ANON@"}'::jsonb)
