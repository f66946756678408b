--: sql: the URL
--: seen in EJJung/ejnewsfeed supabase/pg_cron.sql
    SELECT net.http_post(
      url     := (SELECT value FROM app_config WHERE key = 'base_url')
                 || '/functions/v1/@JOB@',
      headers := jsonb_build_object(
        'Content-Type',  'application/json',
        'Authorization', 'Bearer ' || (SELECT value FROM app_config WHERE key = 'service_key')
      ),
      body    := '{}'::jsonb
    );
