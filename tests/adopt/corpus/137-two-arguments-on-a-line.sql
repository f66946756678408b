--: call
--: seen in AlisherAt/steppe supabase/schedule.sql
 select net.http_post(
   url := (select decrypted_secret from vault.decrypted_secrets where name='project_url') || '/api/cron/@JOB@',
   headers := jsonb_build_object('Content-Type','application/json','Authorization','Bearer ' || (select decrypted_secret from vault.decrypted_secrets where name='anon_key')),
   body := '{}'::jsonb, timeout_milliseconds := 4000
 );
