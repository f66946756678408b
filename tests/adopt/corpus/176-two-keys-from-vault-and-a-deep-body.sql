--: call
--: seen in movinesta/MoviNesta supabase/schema/cron_jobs_20251229_011630.sql
select
      net.http_post(
        url :=
          (select decrypted_secret
           from vault.decrypted_secrets
           where name = 'project_url')
          || '/functions/v1/@JOB@',
        headers := jsonb_build_object(
          'Content-Type', 'application/json',
          -- The gateway wants a bearer, the function its own
          'Authorization',
            'Bearer ' ||
            (select decrypted_secret
             from vault.decrypted_secrets
             where name = 'anon_key'),
          'x-job-token',
            (select decrypted_secret
             from vault.decrypted_secrets
             where name = 'cron_secret')
        ),
        body := jsonb_build_object(
          'cause',       'nightly-fill',
          'kinds',       jsonb_build_array('seed','tool'),
          'pagesEach',   9,
          'atMost',      300,
          'choices',     jsonb_build_object('renew', true)
        )
      ) as request_id;
