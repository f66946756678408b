select d.decrypted_secret
from vault.decrypted_secrets d
where d.name in (
    select n.name
    from supacron.secret s
    cross join lateral (values (s.vault_name), (s.vault_name || '/next'), (s.vault_name || '/previous')) n (name)
) and length(d.decrypted_secret) >= %(shortest)s
