create function vault._crypto_aead_det_decrypt(
  message bytea,
  additional bytea,
  key_id bigint,
  context bytea default 'pgsodium',
  nonce bytea default null
) returns bytea
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  tag bytea := pg_catalog.substr(message, 1, 32);
  ciphertext bytea := pg_catalog.substr(message, 33);
begin
  if tag is distinct from
    extensions.hmac(additional || nonce || ciphertext, vault._root_key('authenticate'), 'sha256')
  then
    raise exception 'pgsodium_crypto_aead_det_decrypt_by_id: invalid ciphertext'
      using errcode = 'invalid_parameter_value';
  end if;
  return extensions.decrypt_iv(ciphertext, vault._root_key('encrypt'), nonce, 'aes-cbc');
end
$$;
revoke all on function vault._crypto_aead_det_decrypt(bytea, bytea, bigint, bytea, bytea) from public;
grant execute on function vault._crypto_aead_det_decrypt(bytea, bytea, bigint, bytea, bytea)
  to postgres with grant option;
grant execute on function vault._crypto_aead_det_decrypt(bytea, bytea, bigint, bytea, bytea) to service_role;
