-- Stand-in for supabase_vault 0.3.1: the same table, view, functions, signatures and grants.
-- It differs in the cipher (AES-256-CBC with an HMAC, by pgcrypto, instead of libsodium's XChaCha20), in renewing
-- the nonce with every update, and in that pg_dump writes its objects as ordinary ones.
create schema vault;
grant usage on schema vault to postgres with grant option;
grant usage on schema vault to service_role;
