create table supacron.secret_version (
    vault_name text not null,
    fingerprint text not null,
    written boolean not null,
    recorded_at timestamptz not null default now(),
    primary key (vault_name, fingerprint)
);
comment on table supacron.secret_version is
'Values that were once applied, so that an older one is never put back: HMAC-SHA256 under a random key that Vault holds.';
comment on column supacron.secret_version.written is 'False for a value that Vault held already, which is not ours to delete.';
