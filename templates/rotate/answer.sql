-- pg_net's ids start again after a crash: an older answer is another request's.
select status_code, timed_out, supacron.redact(error_msg)
from net._http_response
where id = %(request)s and created >= %(since)s - interval '5 seconds'
