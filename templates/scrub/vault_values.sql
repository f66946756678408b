select d.decrypted_secret
from vault.decrypted_secrets d
where d.name in (select s.vault_name from supacron.secret s) and length(d.decrypted_secret) >= %(shortest)s
