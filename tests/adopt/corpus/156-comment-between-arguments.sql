--: call
--: seen in RusherZero/evening-note supabase/cron/schedule.sql
  select net.http_post(
    url := (
      select decrypted_secret
      from vault.decrypted_secrets
      where name = 'project_url'
    ) || '/functions/v1/@JOB@',
    headers := jsonb_build_object(
      'Content-Type', 'application/json',
      'apikey', (
        select decrypted_secret
        from vault.decrypted_secrets
        where name = 'anon_key'
      )
    ),
    body := '{}'::jsonb,
    -- The function stops earlier; the caller waits a little longer,
    -- so that it hears the end.
    timeout_milliseconds := 4000
  );
