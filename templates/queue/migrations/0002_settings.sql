create table supacron_queue.settings (
    singleton boolean primary key default true check (singleton),
    max_attempts integer not null default 5 check (max_attempts between 1 and 100),
    backoff_base interval not null default '10 seconds'
        check (backoff_base between interval '1 millisecond' and interval '30 days'),
    backoff_max interval not null default '1 hour' check (backoff_max > interval '0'),
    lease interval not null default '5 minutes' check (lease > interval '0'),
    timeout interval not null default '1 minute' check (timeout > interval '0'),
    patience interval not null default '5 minutes' check (patience > interval '0'),
    patience_share numeric not null default 0.2 check (patience_share between 0 and 1),
    tenant_max_running integer check (tenant_max_running > 0),
    tenant_claim text not null default 'app_metadata.tenant_id'
        -- user_metadata is what a user may write about himself.
        check (tenant_claim <> '' and split_part(tenant_claim, '.', 1) <> 'user_metadata'),
    clients_read boolean not null default false,
    urgent_roles text[] not null default '{}',
    idempotency_window interval not null default '24 hours' check (idempotency_window >= interval '0'),
    archive_after interval not null default '30 days' check (archive_after > interval '0'),
    archive_keep interval not null default '90 days',
    check (archive_keep >= archive_after)
);
alter table supacron_queue.settings enable row level security;
insert into supacron_queue.settings default values;
comment on table supacron_queue.settings is
'One row: the queue''s rules, as the stack says. A job type may have its own.';
comment on column supacron_queue.settings.patience is
'A job that is due for longer belongs to the waiting ones, for which `patience_share` of all places is kept.';
comment on column supacron_queue.settings.tenant_claim is
'Where in a client''s JWT its tenant stands: the keys on the way, with dots between.';
comment on column supacron_queue.settings.urgent_roles is
'Roles that may use the priorities 9 and 10 for any job type.';
comment on column supacron_queue.settings.archive_after is
'How long public.priority_queue shows a job that was completed or cancelled.';
comment on column supacron_queue.settings.archive_keep is 'How long any finished job is kept.';
