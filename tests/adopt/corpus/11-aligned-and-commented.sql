--: call
-- calls the worker every ten minutes
SELECT net.http_post(
  url     := '@URL@/functions/v1/@JOB@',   -- the function
  headers := jsonb_build_object(
    'Content-Type',  'application/json',
    'Authorization', 'Bearer @ANON@'       /* the anon key */
  ),
  body    := jsonb_build_object('days', 30, 'mode', 'full', 'dry_run', false, 'limit', null)
);
