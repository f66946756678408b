--: refuse: takes no look-up
select cron.schedule('inner', '0 0 1 1 *', $$select net.http_post('@URL@/x', headers := '{"Authorization": "Bearer @SERVICE@"}'::jsonb)$$);
