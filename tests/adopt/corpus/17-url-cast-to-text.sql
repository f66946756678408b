--: call
select net.http_post(url := '@URL@/functions/v1/@JOB@'::text, body := '{"x": true}'::jsonb, params := '{}'::jsonb, headers := '{"Content-Type": "application/json"}'::jsonb, timeout_milliseconds := 4000)
