--: call
--: seen in zaka27agosto-lang/InvoiceRapid supabase/cron-jobs.sql
  SELECT net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := '{"Content-Type":"application/json","x-cron-secret":"@OPAQUE@"}',
    body := '{}'::jsonb
  );
