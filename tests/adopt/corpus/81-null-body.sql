--: sql: the body is null
select net.http_post('@URL@/functions/v1/@JOB@', null::jsonb, headers := '{"Authorization": "Bearer @ANON@"}'::jsonb)
