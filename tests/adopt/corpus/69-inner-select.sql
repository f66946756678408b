--: sql: tables or conditions
SELECT content FROM (
  SELECT net.http_get(url := '@URL@/functions/v1/@JOB@', headers := json_build_object('x-cron-secret', '@OPAQUE@')::jsonb) AS content
) t;
