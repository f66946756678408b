--: fails: no JSON, so the job fails
--: seen in dotku/oppotunities supabase/cron-jobs.sql
    SELECT net.http_post(
        url := '@URL@/functions/v1/@JOB@',
        headers := '{"Content-Type": "application/json", "Authorization": "Bearer ' || current_setting('app.settings.service_key') || '"}'::jsonb
    );
