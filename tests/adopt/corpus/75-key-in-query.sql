--: sql: a key stands in the URL
select net.http_get('@URL@/api/@JOB@?api_key=@OPAQUE@&days=7');
