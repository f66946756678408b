--: call
--: seen in KickingKoma/noretech-vm-2026 supabase/setup-cron.sql
  select net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := '{"Content-Type": "application/json", "Authorization": "Bearer @ANON@"}'::jsonb,
    body := '{}'::jsonb
  ) as request_id;
