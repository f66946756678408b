--: call
--: seen in Zbhura40/aus-mosque-finder setup-cron-job.sql
  SELECT
    net.http_post(
      url := '@URL@/functions/v1/@JOB@',
      headers := jsonb_build_object(
        'Content-Type', 'application/json',
        'Authorization', 'Bearer @PUBLISHABLE@'
      ),
      body := '{}'::jsonb
    );
