insert into supacron.secret_version (vault_name, fingerprint, written, expires_at, recorded_at)
values (%(vault_name)s, %(fingerprint)s, %(written)s, %(expires_at)s::timestamptz, clock_timestamp())
on conflict do nothing
returning true
