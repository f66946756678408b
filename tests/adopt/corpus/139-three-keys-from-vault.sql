--: call
--: seen in DAPSY-dev/reminder-pwa supabase/schedule.sql
  select net.http_post(
    url := (select decrypted_secret from vault.decrypted_secrets where name = 'project_url') || '/functions/v1/@JOB@',
    headers := jsonb_build_object('Content-Type','application/json','Authorization','Bearer ' ||
      (select decrypted_secret from vault.decrypted_secrets where name = 'anon_key'), 'apikey',
      (select decrypted_secret from vault.decrypted_secrets where name = 'anon_key'), 'x-scheduler-secret',
      (select decrypted_secret from vault.decrypted_secrets where name = 'cron_secret')),
    body := '{}'::jsonb,
    timeout_milliseconds := 4000
  );
