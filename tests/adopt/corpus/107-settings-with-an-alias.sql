--: sql: the URL
--: seen in magicman89/TubeMaster supabase/cron-jobs.sql
    SELECT
        net.http_post(
            url := current_setting('app.settings.base_url') || '/functions/v1/@JOB@',
            headers := jsonb_build_object(
                'Content-Type', 'application/json',
                'Authorization', 'Bearer ' || current_setting('app.settings.service_key')
            ),
            body := '{}'::jsonb
        ) AS request_id;
