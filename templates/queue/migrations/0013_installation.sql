create table supacron_queue.installation (
    singleton boolean primary key default true check (singleton),
    stack text not null,
    released boolean not null default false,
    rules jsonb not null,
    tool_version text not null,
    digest text not null,
    fingerprint text,
    installed_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
alter table supacron_queue.installation enable row level security;
comment on table supacron_queue.installation is
'One row: which stack sets the queue''s rules, and what it last applied.';
comment on column supacron_queue.installation.released is
'The stack let go of the queue, which holds jobs and therefore stayed: any stack may take it over.';
comment on column supacron_queue.installation.rules is
'The rules as they were applied; where the settings differ, somebody changed them outside.';
comment on column supacron_queue.installation.digest is
'Hash of the templates that were installed; another one means an upgrade.';
comment on column supacron_queue.installation.fingerprint is
'Hash of functions, view, policies and grants as installed; another one means that somebody changed them outside.';
