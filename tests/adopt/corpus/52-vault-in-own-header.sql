--: call
select net.http_post(
  url := '@URL@/functions/v1/@JOB@',
  headers := jsonb_build_object('x-cron-secret', (select s.decrypted_secret from vault.decrypted_secrets s where s.name = 'cron_secret' order by s.created_at desc limit 1)),
  body := '{}'::jsonb
);
