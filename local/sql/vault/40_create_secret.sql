create function vault.create_secret(
  new_secret text,
  new_name text default null,
  new_description text default '',
  new_key_id uuid default null
) returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  new_id uuid := pg_catalog.gen_random_uuid();
  new_nonce bytea := vault._crypto_aead_det_noncegen();
begin
  insert into vault.secrets (id, name, description, secret, nonce)
  values (
    new_id,
    new_name,
    new_description,
    pg_catalog.encode(
      vault._crypto_aead_det_encrypt(
        message => pg_catalog.convert_to(new_secret, 'utf8'),
        additional => pg_catalog.convert_to(new_id::text, 'utf8'),
        key_id => 0,
        nonce => new_nonce
      ),
      'base64'
    ),
    new_nonce
  );
  return new_id;
end
$$;
revoke all on function vault.create_secret(text, text, text, uuid) from public;
grant execute on function vault.create_secret(text, text, text, uuid) to postgres with grant option;
grant execute on function vault.create_secret(text, text, text, uuid) to service_role;
