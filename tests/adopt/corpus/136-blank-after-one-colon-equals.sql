--: call
--: seen in Harshal055/Moodmeta_AI supabase/migrations/setup_cron.sql
    select
      net.http_post(
        url:='@URL@/functions/v1/@JOB@',
        headers:='{"Content-Type": "application/json", "Authorization": "Bearer @SERVICE@"}'::jsonb,
        body:= '{}'::jsonb
      ) as request_id;
