--: call
select net.http_post(
  url := '@URL@/functions/v1/@JOB@',
  headers := jsonb_build_object('Authorization', (select 'Bearer ' || decrypted_secret from vault.decrypted_secrets where 'anon_key' = name)),
  body := '{}'::jsonb
);
