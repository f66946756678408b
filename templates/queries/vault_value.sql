select decrypted_secret from vault.decrypted_secrets where id = %(id)s::uuid;
