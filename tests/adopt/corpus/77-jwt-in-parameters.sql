--: sql: stands in its url
select net.http_get(url := '@URL@/api/@JOB@', params := '{"jwt": "@ANON@"}'::jsonb);
