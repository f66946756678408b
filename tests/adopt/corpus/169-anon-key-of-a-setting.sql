--: sql: the URL
--: seen in kikuchi-mizuki/shift_tyo setup_cron_job.sql
  SELECT
    net.http_post(
      url := current_setting('app.settings.base_url') || '/functions/v1/@JOB@',
      headers := jsonb_build_object(
        'Content-Type', 'application/json',
        'Authorization', 'Bearer ' || current_setting('app.settings.anon_key')
      ),
      body := '{}'::jsonb
    ) AS request_id;
