select cron.schedule('supacron-reload', '0 0 1 1 *', 'select 1');
select cron.unschedule('supacron-reload');
