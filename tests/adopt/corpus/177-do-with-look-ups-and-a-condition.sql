--: sql: a block
--: seen in Kradores/novaluxe-docs-hub integrations/supabase/migrations/20260110185501_add_cron_cleanup_expired_zip.sql
  DO $do$
  DECLARE
    base_url text;
    anon_key text;
  BEGIN
    SELECT decrypted_secret INTO base_url FROM vault.decrypted_secrets WHERE name = 'project_url';
    SELECT decrypted_secret INTO anon_key FROM vault.decrypted_secrets WHERE name = 'anon_key';

    IF base_url IS NOT NULL AND anon_key IS NOT NULL THEN
      PERFORM
        net.http_post(
          url := base_url || '/functions/v1/@JOB@',
          headers := jsonb_build_object(
            'Content-Type', 'application/json',
            'Authorization', 'Bearer ' || anon_key
          )
        );
    END IF;
  END $do$;
