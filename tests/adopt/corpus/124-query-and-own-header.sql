--: call
--: seen in thevina-tech/pico supabase/cron_jobs.sql
    SELECT net.http_post(
      url := '@URL@/functions/v1/@JOB@?action=gather',
      headers := '{"x-barn-cron-secret": "@OPAQUE@", "Content-Type": "application/json"}'::jsonb,
      body := '{}'::jsonb
    );
