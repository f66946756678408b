--: call
--: seen in TheViking816/pruebas_pev setup_cron.sql
    SELECT net.http_post(
        url := '@URL@/functions/v1/@JOB@',
        headers := '{"Content-Type": "application/json", "Authorization": "Bearer @SERVICE@"}'::jsonb,
        body := '{}'::jsonb,
        timeout_milliseconds := 4000
    );
