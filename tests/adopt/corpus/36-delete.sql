--: call
SELECT net.http_delete(
  url := '@URL@/api/@JOB@',
  headers := jsonb_build_object('Authorization', 'Bearer @SERVICE@', 'Content-Type', 'application/json')
) AS delete_request_id;
