--: sql: 3 statements
--: seen in Advosy-Marketing/Growth-System supabase/cron_jobs.sql
  select net.http_post(url:='@URL@/functions/v1/@JOB@', headers:=jsonb_build_object('Content-Type','application/json'), body:=jsonb_build_object('renew',true,'span','week'), timeout_milliseconds:=2000);
  select net.http_post(url:='@URL@/functions/v1/@JOB@', headers:=jsonb_build_object('Content-Type','application/json'), body:=jsonb_build_object('renew',true,'span','month'), timeout_milliseconds:=2000);
  select net.http_post(url:='@URL@/functions/v1/@JOB@', headers:=jsonb_build_object('Content-Type','application/json'), body:=jsonb_build_object('renew',true,'span','season'), timeout_milliseconds:=2000);
