create table supacron.rotation (
    vault_name text primary key,
    id uuid not null,
    started_by text not null,
    started_at timestamptz not null default now(),
    next_until timestamptz,
    previous_until timestamptz
);
alter table supacron.rotation enable row level security;
comment on table supacron.rotation is
'Secrets that are being replaced, and those that were. Vault holds the values, as <vault_name>/next and /previous.';
comment on column supacron.rotation.id is 'Whose rotation it is: one that another took over changes nothing any more.';
comment on column supacron.rotation.next_until is
'While a value is tried. A client that died leaves it: then the collector deletes that value.';
comment on column supacron.rotation.previous_until is 'When the collector deletes the value of before.';
