--: call
--: seen in BalazsGregaDev/GroundEffect supabase/cron.sql
    select net.http_post(
      url := '@URL@/functions/v1/@JOB@',
      headers := jsonb_build_object(
        'Content-Type', 'application/json',
        'Authorization', 'Bearer @PUBLISHABLE@',
        'x-sync-secret', '@OPAQUE@'
      )
    );
