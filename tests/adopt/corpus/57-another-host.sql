--: call
select net.http_post('@URL@/hooks/@JOB@', '{"ping": "pong"}'::jsonb, timeout_milliseconds := 2500)
