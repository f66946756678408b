--: sql: the URL
--: seen in supabase-community/postgres-new supabase/migrations/20240820124918_pg_cron.sql
  select net.http_post(
    url:=(select app_url() || '/functions/v1/@JOB@'),
    headers:=('{"Content-Type": "application/json", "Authorization": "Bearer ' || (select app_key()) || '"}')::jsonb
  ) as request_id;
