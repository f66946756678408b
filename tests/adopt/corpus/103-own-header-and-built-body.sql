--: call
--: seen in B-wene-front/render-cron supabase/cron-jobs.sql
  SELECT
    net.http_post(
      url := '@URL@/api/tasks/@JOB@',
      headers := jsonb_build_object(
        'Content-Type', 'application/json',
        'X-API-Secret', '@OPAQUE@'
      ),
      body := jsonb_build_object(
        'task', 'harvest'
      )
    ) AS request_id;
