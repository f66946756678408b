--: call
--: seen in edgardor2600/bot_poly supabase/setup_cron.sql
        SELECT net.http_post(
          url     := '@URL@/functions/v1/@JOB@?kind=turnover',
          headers := '{"Content-Type":"application/json","Authorization":"Bearer @ANON@"}'::jsonb,
          body    := '{}'::jsonb
        );
