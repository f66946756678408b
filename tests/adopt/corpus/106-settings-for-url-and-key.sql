--: sql: the URL
--: seen in lordshua1337/stock-pilot supabase/cron-jobs.sql
  select net.http_post(
    url := current_setting('app.settings.base_url') || '/api/cron/@JOB@',
    headers := jsonb_build_object(
      'Content-Type', 'application/json',
      'Authorization', 'Bearer ' || current_setting('app.settings.service_key')
    ),
    body := '{}'::jsonb
  );
