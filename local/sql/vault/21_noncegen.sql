create function vault._crypto_aead_det_noncegen() returns bytea
language sql
volatile
set search_path = ''
as $$
  select extensions.gen_random_bytes(16)
$$;
revoke all on function vault._crypto_aead_det_noncegen() from public;
