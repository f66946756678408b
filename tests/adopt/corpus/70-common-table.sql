--: sql: tables or conditions
with k as (select 'Bearer @SERVICE@'::text as header)
select net.http_post(url := '@URL@/functions/v1/@JOB@', headers := jsonb_build_object('Authorization', k.header)) from k;
