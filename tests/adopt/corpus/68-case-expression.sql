--: sql: no function of pg_net
select case when 1 = 1 then net.http_post('@URL@/functions/v1/@JOB@', '{"alert": "backlog"}'::jsonb, headers := '{"X-Cron-Key": "@OPAQUE@"}'::jsonb) end;
