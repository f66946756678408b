--: call
--: seen in Mealiez/mealiez_saas supabase/setup_cron.sql
  SELECT net.http_post(
    url:='@URL@/functions/v1/@JOB@',
    headers:='{"Content-Type": "application/json", "Authorization": "Bearer @SECRET@"}'::jsonb
  );
