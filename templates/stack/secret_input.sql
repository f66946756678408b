create temporary table secret_input (
    vault_id uuid,
    vault_name text not null,
    value text not null,
    description text not null
) on commit drop;
