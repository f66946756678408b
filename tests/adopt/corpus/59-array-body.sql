--: call
select net.http_post('@URL@/functions/v1/@JOB@', jsonb_build_array('a', 1, jsonb_build_object('b', 2)))
