select vault.update_secret(i.vault_id, i.value, i.vault_name, i.description)
from pg_temp.secret_input i
where i.vault_id is not null;
