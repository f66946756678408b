--: sql: a key stands in the URL
--: seen in dunta1307/tfk-predictions-app supabase/schedule.sql
  select net.http_get(
    url := '@URL@/api/cron/@JOB@?secret=@OPAQUE@',
    timeout_milliseconds := 4000
  );
