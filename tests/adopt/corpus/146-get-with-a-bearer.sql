--: call
--: seen in bryrgr263-star/wuda-law-job-radar-2027 supabase/schedule.sql
  select net.http_get(
    url := '@URL@/api/cron/@JOB@',
    headers := jsonb_build_object('Authorization', 'Bearer @OPAQUE@')
  );
