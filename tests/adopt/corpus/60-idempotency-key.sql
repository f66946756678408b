--: call
select net.http_post('@URL@/functions/v1/@JOB@', '{}'::jsonb, headers := '{"Idempotency-Key": "daily-report-run", "X-Source": "cron"}'::jsonb)
