--: call
select net.http_post('@URL@/functions/v1/@JOB@', '{}'::jsonb, headers := jsonb_build_object('X-Trace', null, 'X-Number', 7, 'X-Flag', true))
