--: call
--: seen in alisanooralya/alana supabase/sql/cron.sql
  -- The new secret key goes in Authorization.
  -- (Older projects: the service_role key.)
  select net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := jsonb_build_object(
      'Authorization', 'Bearer @SECRET@',
      'Content-Type', 'application/json'
    ),
    body := '{}'::jsonb
  );
