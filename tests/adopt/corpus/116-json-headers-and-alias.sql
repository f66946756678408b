--: call
--: seen in Hieprocode/note-calendar-flutter supabase/setup-cron.sql
  SELECT
    net.http_post(
      url := '@URL@/functions/v1/@JOB@',
      headers := '{"Content-Type": "application/json", "Authorization": "Bearer @ANON@"}'::jsonb
    ) AS request_id;
