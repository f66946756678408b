--: call
--: seen in sammy098-sk/DUELY supabase/migrations/cron.sql
    SELECT net.http_post(
      url:='@URL@/functions/v1/@JOB@',
      headers:='{"Content-Type": "application/json", "Authorization": "Bearer @ANON@"}'::jsonb,
      body:='{}'::jsonb
    ) as request_id;
