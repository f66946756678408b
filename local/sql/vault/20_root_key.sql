-- The root key lies in a file beside the data directory, as the original's lies outside of the database: a logical
-- dump holds no key, so what is restored from one elsewhere cannot be decrypted.
create function vault._root_key(purpose text) returns bytea
language sql
volatile
set search_path = ''
as $$
  select extensions.hmac(purpose::bytea, pg_catalog.pg_read_binary_file('../vault.key'), 'sha256')
$$;
revoke all on function vault._root_key(text) from public;
