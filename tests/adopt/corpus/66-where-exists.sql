--: sql: tables or conditions
select net.http_post(url := '@URL@/functions/v1/@JOB@', headers := '{"Authorization": "Bearer @ANON@"}'::jsonb, body := '{}'::jsonb)
where exists (select 1 from pg_catalog.pg_class);
