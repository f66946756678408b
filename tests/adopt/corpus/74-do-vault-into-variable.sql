--: sql: a block of 2 statements
do $$
declare
  v_key text;
begin
  select decrypted_secret into v_key from vault.decrypted_secrets where name = 'anon_key';
  perform net.http_post(url := '@URL@/functions/v1/@JOB@', headers := jsonb_build_object('Authorization', 'Bearer ' || v_key), body := '{}'::jsonb);
end $$;
