--: call
select net.http_post(url := '@URL@/functions/v1/@JOB@', body := '{}'::jsonb, timeout_milliseconds := 4 * 1000)
