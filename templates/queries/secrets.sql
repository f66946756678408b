select name, vault_name, env, description from supacron.secret where stack = %(stack)s;
