--: call
--: seen in trippinwithpuneet/gut-tracker supabase/cron/schedule.sql
  select net.http_post(
    url     := '@URL@/functions/v1/@JOB@',
    headers := jsonb_build_object(
      'Content-Type',  'application/json',
      'Authorization', 'Bearer ' || (
        select decrypted_secret from vault.decrypted_secrets
        where name = 'anon_key'
      )
    ),
    body                 := '{}'::jsonb,
    timeout_milliseconds := 3000
  );
