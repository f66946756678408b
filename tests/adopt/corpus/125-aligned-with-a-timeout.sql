--: call
--: seen in JulianS4K/Terminal-2 cron.sql
    select net.http_post(
      url     := '@URL@/functions/v1/@JOB@',
      headers := jsonb_build_object(
        'Content-Type',    'application/json',
        'X-Cron-Secret',   '@OPAQUE@'
      ),
      body    := '{}'::jsonb,
      timeout_milliseconds := 4000
    );
