--: sql: the body
--: seen in savchenkoa/fatbook supabase/scripts/demo_cleanup_cron.sql
                select
      net.http_post(
          url:= (select decrypted_secret from vault.decrypted_secrets where name = 'project_url') || '/functions/v1/@JOB@',
          headers:=jsonb_build_object(
            'Content-type', 'application/json',
            'Authorization', 'Bearer ' || (select decrypted_secret from vault.decrypted_secrets where name = 'anon_key')
          ),
          body:=concat('{"moment": "', now(), '"}')::jsonb
      ) as request_id;
