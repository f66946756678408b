--: call
do $$ declare v_id bigint; begin v_id := net.http_get('@URL@/functions/v1/@JOB@'); end $$
