--: call
--: seen in https://github.com/supabase/supabase/pull/45057
    select
      net.http_post(
          url:='@URL@/functions/v1/@JOB@',
          headers:=jsonb_build_object('Content-Type','application/json', 'Authorization', 'Bearer ' || '@ANON@')
      )
