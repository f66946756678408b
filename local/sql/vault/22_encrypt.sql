-- The HMAC covers the row's id and nonce too: a ciphertext moved to another row does not decrypt.
create function vault._crypto_aead_det_encrypt(
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
  ciphertext bytea := extensions.encrypt_iv(message, vault._root_key('encrypt'), nonce, 'aes-cbc');
begin
  return extensions.hmac(additional || nonce || ciphertext, vault._root_key('authenticate'), 'sha256') || ciphertext;
end
$$;
revoke all on function vault._crypto_aead_det_encrypt(bytea, bytea, bigint, bytea, bytea) from public;
