--: call
--: seen in mdzhang/burns-depression backend/supabase/database/cron.sql
    select
      net.http_post(
          url:='@URL@/@JOB@',
          headers:='{"Content-Type": "application/json", "Authorization": "Bearer @ANON@"}'::jsonb
      ) as request_id;
