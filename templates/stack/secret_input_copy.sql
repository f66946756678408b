copy pg_temp.secret_input (vault_id, vault_name, value, description) from stdin;
