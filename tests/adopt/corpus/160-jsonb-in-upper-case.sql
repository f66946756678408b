--: call
--: seen in kobbybright120/gigalertpro supabase/pg_cron.sql
  SELECT net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := '{"Authorization": "Bearer @SERVICE@"}'::JSONB,
    body := '{}'::JSONB
  );
