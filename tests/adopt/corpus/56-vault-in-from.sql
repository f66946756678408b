--: call
select net.http_post(
  url := '@URL@/functions/v1/@JOB@',
  headers := jsonb_build_object('Authorization', 'Bearer ' || decrypted_secret),
  body := '{}'::jsonb
)
from vault.decrypted_secrets
where name = 'anon_key';
