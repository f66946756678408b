--: sql: the URL
--: seen in oscartejera/josephine-app supabase/cron_jobs.sql
    SELECT net.http_post(
      url := current_setting('app.settings.base_url') || '/functions/v1/@JOB@',
      headers := jsonb_build_object(
        'Authorization', 'Bearer ' || current_setting('app.settings.service_key'),
        'Content-Type', 'application/json'
      ),
      body := '{"every_place": true}'::jsonb
    );
