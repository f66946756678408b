--: call
--: seen in abdulmalik299/gold-price supabase/schedule.sql
    select net.http_post(
      url := '@URL@/functions/v1/@JOB@',
      headers := jsonb_build_object('Authorization', 'Bearer ' || '@SERVICE@'),
      body := jsonb_build_object()
    );
