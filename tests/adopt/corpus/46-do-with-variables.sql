--: call
DO $job$
DECLARE
  v_url text := '@URL@/functions/v1/@JOB@';
  v_key constant text := '@SERVICE@';
BEGIN
  PERFORM net.http_post(
    url := v_url,
    headers := jsonb_build_object('Authorization', 'Bearer ' || v_key),
    body := jsonb_build_object('source', 'pg_cron')
  );
END
$job$;
