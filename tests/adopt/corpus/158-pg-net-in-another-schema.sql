--: sql: no function of pg_net
--: seen in yblockcha1n/system.plusphi supabase/cron/schedule.sql
  select extensions.http_post(
    url     := '@URL@/api/cron/@JOB@',
    headers := jsonb_build_object(
      'Content-Type',  'application/json',
      'Authorization', 'Bearer @SECRET@'
    ),
    body    := '{}'::jsonb,
    timeout_milliseconds := 4000
  );
