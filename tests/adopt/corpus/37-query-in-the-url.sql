--: call
select net.http_post('@URL@/functions/v1/@JOB@?summary=true&days=7', '{"dry": false}'::jsonb)
