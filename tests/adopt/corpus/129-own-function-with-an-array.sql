--: sql: no function of pg_net
--: seen in devag7/jantahr supabase/sql/cron.sql
 select public.dispatch('@JOB@', array['tidy-up', 'count-up']) 
