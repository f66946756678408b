--: call
select net.http_get(
    '@URL@/functions/v1/@JOB@',
    headers := '{"Authorization": "Bearer @ANON@"}'::JSONB
) AS request_id;
