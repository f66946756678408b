--: call
--: seen in https://runhooks.app/blog/schedule-supabase-edge-functions-without-pg-cron/
SELECT net.http_post(
url := '@URL@/functions/v1/@JOB@',
headers := jsonb_build_object(
'Content-Type', 'application/json',
'Authorization', 'Bearer ' || (
SELECT decrypted_secret
FROM vault.decrypted_secrets
WHERE name = 'anon_key'
)
),
body := '{"origin": "clock"}'::jsonb
);
