select id::text, started_by, next_until, previous_until from supacron.rotation where vault_name = %(vault_name)s
