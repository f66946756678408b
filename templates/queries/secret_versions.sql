select vault_name, array_agg(fingerprint) from supacron.secret_version where vault_name = any(%(names)s) group by 1;
