--: call
select net.http_post('@URL@/functions/v1/@JOB@',
    headers := '{"Authorization": "Bearer @ANON@"}'::jsonb);
