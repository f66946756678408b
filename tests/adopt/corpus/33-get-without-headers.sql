--: call
select net.http_get( url := '@URL@/functions/v1/@JOB@' );
