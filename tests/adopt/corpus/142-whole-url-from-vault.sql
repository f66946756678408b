--: sql: the URL
--: seen in TheOnlySteel/Babytracker supabase/schedule.sql
  select net.http_post(
    url := (select decrypted_secret from vault.decrypted_secrets where name='whole_url'),
    headers := jsonb_build_object('Content-Type','application/json','x-scheduler-secret',
      (select decrypted_secret from vault.decrypted_secrets where name='cron_secret')),
    body := '{}'::jsonb, timeout_milliseconds := 4000
  );
