create table supacron.release (
    id bigint generated always as identity primary key,
    apply_id uuid not null unique,
    stack text not null references supacron.stack (name),
    digest text not null,
    tool_version text not null,
    changes jsonb not null,
    applied_at timestamptz not null default now()
);
create index release_stack on supacron.release (stack, id);
comment on table supacron.release is
'One row an apply. apply_id tells a client that lost its connection at COMMIT whether the apply happened.';
