select name, decrypted_secret
from vault.decrypted_secrets
where name = any(%(names)s) and decrypted_secret is not null
