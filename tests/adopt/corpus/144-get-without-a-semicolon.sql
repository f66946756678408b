--: call
--: seen in adyertorquay/ta-year-screens supabase/schedule.sql
 select net.http_get(
       url := '@URL@/api/@JOB@',
       headers := jsonb_build_object('Authorization', 'Bearer @OPAQUE@')
     ) 
