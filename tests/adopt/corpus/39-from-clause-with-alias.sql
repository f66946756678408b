--: call
select request_id from net.http_post('@URL@/functions/v1/@JOB@', '{"a": 1}'::jsonb) as request_id;
