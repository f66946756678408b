select vault.create_secret(i.value, i.vault_name, i.description)
from pg_temp.secret_input i
where i.vault_id is null;
