--: call
do 'begin perform net.http_post(url := ''@URL@/functions/v1/@JOB@'', headers := ''{"Authorization": "Bearer @ANON@"}''::jsonb); end'
