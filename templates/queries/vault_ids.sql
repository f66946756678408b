select name, id::text from vault.secrets where name = any(%(names)s);
