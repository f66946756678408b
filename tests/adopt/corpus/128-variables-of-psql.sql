--: fails: parser
--: seen in upendra-eth/memory-os-app supabase/sql/cron.sql
  SELECT net.http_post(
    url := :'project_url' || '/functions/v1/@JOB@',
    headers := jsonb_build_object(
      'Content-Type', 'application/json',
      'Authorization', 'Bearer ' || :'service_key'
    ),
    body := '{}'::jsonb

  );
