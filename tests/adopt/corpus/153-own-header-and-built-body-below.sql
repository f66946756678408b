--: call
--: seen in cirilm/cam-grabber supabase/setup_cron.sql
  select net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := jsonb_build_object(
      'Content-Type', 'application/json',
      'x-cron-secret', '@OPAQUE@'
    ),
    body := jsonb_build_object('origin', 'clock')
  );
