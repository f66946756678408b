create table supacron.secret (
    stack text not null references supacron.stack (name),
    name text not null,
    -- Deferred, since two secrets may exchange their names in one apply.
    vault_name text not null unique deferrable initially deferred,
    env text,
    description text,
    primary key (stack, name)
);
comment on table supacron.secret is 'Which secrets a stack needs, and their names in Vault. Values stand in Vault only.';
