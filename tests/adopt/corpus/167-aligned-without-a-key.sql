--: call
--: seen in JaneAmi/family-wc2026 supabase/cron.sql
  select net.http_post(
    url     := '@URL@/functions/v1/@JOB@',
    headers := jsonb_build_object('Content-Type', 'application/json'),
    body    := '{}'::jsonb
  );
