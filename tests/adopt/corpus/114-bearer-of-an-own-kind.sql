--: call
--: seen in Cultuchat/front supabase/setup-cron.sql
  SELECT
    net.http_post(
      url := '@URL@/api/cron/@JOB@',
      headers := jsonb_build_object(
        'Content-Type', 'application/json',
        'Authorization', 'Bearer @OPAQUE@'
      ),
      body := '{}'::jsonb
    );
