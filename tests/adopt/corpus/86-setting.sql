--: refuse: takes no look-up
set app.cron_key = '@SERVICE@';
select net.http_post('@URL@/functions/v1/@JOB@', headers := jsonb_build_object('Authorization', 'Bearer ' || current_setting('app.cron_key')));
