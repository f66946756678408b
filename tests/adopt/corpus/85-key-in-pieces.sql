--: refuse: put together from pieces
select net.http_post('@URL@/functions/v1/@JOB@', headers := jsonb_build_object('X-Cron-Secret', 'Tuesday' || '-4-horses', 'apikey', '@SECRET@'), body := jsonb_build_object('at', now()))
