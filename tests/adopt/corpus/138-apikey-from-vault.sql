--: call
--: seen in BroadReachSolutions/Weather-Game supabase/schedule.sql
  select net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := jsonb_build_object(
      'Content-Type', 'application/json',
      'apikey', (select decrypted_secret from vault.decrypted_secrets where name = 'anon_key')
    ),
    body := '{}'::jsonb
  );
