--: call
--: seen in Criterio-inc/omvarldsradar supabase/cron-jobs.sql
    SELECT net.http_post(
      url := '@URL@/functions/v1/@JOB@',
      headers := '{"Authorization": "Bearer @SERVICE@", "Content-Type": "application/json"}'::jsonb,
      body := '{}'::jsonb
    );
