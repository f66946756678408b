--: sql: the body
--: seen in FORMESLLC/formes-odoo-campaign-controller supabase/cron.sql
  select net.http_post(
    url := '@URL@/functions/v1/@JOB@',
    headers := jsonb_build_object(
      'Content-Type', 'application/json',
      'X-Controller-Key', (
        select decrypted_secret
        from vault.decrypted_secrets
        where name = 'cron_secret'
        order by created_at desc
        limit 1
      )
    ),
    body := jsonb_build_object('due_at', now()),
    timeout_milliseconds := 4000
  ) as request_id;
