--: sql: the body
SELECT net.http_post( url := '@URL@/functions/v1/@JOB@', headers := jsonb_build_object('Content-Type','application/json','Authorization','Bearer @ANON@'), body := jsonb_build_object('triggered_by','cron','at', now()) );
