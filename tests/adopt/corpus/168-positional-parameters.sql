--: call
--: seen in supabase/pg_net README.md
SELECT net.http_get(
  '@URL@/api/@JOB@',
  -- the blank and the mark are encoded
  '{"first": "wheat", "second": "rye", "mark": "a !"}'::JSONB
) AS request_id;
