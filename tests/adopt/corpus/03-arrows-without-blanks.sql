--: call
SELECT net.http_post(url=>'@URL@/functions/v1/@JOB@',headers=>jsonb_build_object('Authorization','Bearer '||'@ANON@','Content-Type','application/json'),body=>'{"source":"cron"}'::jsonb,timeout_milliseconds=>4000)
