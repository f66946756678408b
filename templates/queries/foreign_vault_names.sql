select vault_name, stack from supacron.secret where stack <> %(stack)s;
