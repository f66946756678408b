--: call
select net.http_post(url := '@URL@/functions/v1/@JOB@', headers := '{"authorization": "bearer @OPAQUE@"}'::jsonb)
