--: call
--: seen in moborarl/Fund-tracking setup_cron.sql
  select net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := jsonb_build_object(
      'Content-Type','application/json',
      'Authorization','Bearer @PUBLISHABLE@',
      'apikey','@PUBLISHABLE@'
    )
  );
