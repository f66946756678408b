--: call
--: seen in 1928704-afk/R_Bible supabase/cron.sql
  select
    net.http_post(
      url := '@URL@/functions/v1/@JOB@',
      headers := jsonb_build_object(
        'Content-Type', 'application/json',
        'x-cron-secret', '@OPAQUE@'
      ),
      body := '{}'::jsonb
    );
