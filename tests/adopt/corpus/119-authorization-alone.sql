--: call
--: seen in bunyamintoygar-lgtm/MaliGorus supabase/cron_jobs.sql
    SELECT net.http_post(
        url:='@URL@/functions/v1/@JOB@',
        headers:='{"Authorization": "Bearer @ANON@"}'::jsonb
    );
