--: call
select net.http_post('@URL@/hooks/@JOB@', '{"name":"inactivity"}')
