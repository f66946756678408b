--: call
--: seen in sakariye12345/Sanabilmessages setup_cron.sql
    SELECT net.http_post(
      url     := '@URL@/functions/v1/@JOB@',
      headers := jsonb_build_object(
        'Content-Type',  'application/json',
        'Authorization', 'Bearer @SERVICE@'
      ),
      body    := '{}'::jsonb
    ) AS request_id;
