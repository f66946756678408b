--: call
select net.http_post(url := concat_ws('/', '@URL@', 'functions', 'v1', '@JOB@'), body := '{}'::jsonb)
