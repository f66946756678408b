--: call
--: seen in EliasD87/Valuemint supabase/schedule.sql
    select net.http_post(
      url := '@URL@/api/index/@JOB@',
      headers := jsonb_build_object(
        'Content-Type', 'application/json',
        'x-index-secret', '@OPAQUE@'
      ),
      /**
       * Less than the route itself takes, on purpose: the next run
       * goes on where this one stopped.
       */
      timeout_milliseconds := 3000
    );
