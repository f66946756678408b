create table supacron.job (
    id bigint generated always as identity primary key,
    stack text not null references supacron.stack (name),
    name text not null,
    jobid bigint,
    scheduled_at timestamptz not null default now(),
    schedule text not null,
    command text not null,
    enabled boolean not null,
    method text check (method in ('GET', 'POST', 'DELETE')),
    url text,
    headers jsonb,
    body jsonb,
    timeout_ms integer,
    secret text,
    auth_header text,
    auth_prefix text,
    description text,
    owner text,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    removed_at timestamptz,
    unique (stack, name),
    foreign key (stack, secret) references supacron.secret (stack, name),
    check ((method is null) = (url is null))
);
create unique index job_name_live on supacron.job (name) where removed_at is null;
comment on table supacron.job is
'What each stack defined. method is null for an SQL job. A removed job stays, with removed_at, for its history.';
comment on column supacron.job.command is 'What cron.job.command is to be.';
comment on column supacron.job.jobid is 'cron.job.jobid; null while removed.';
comment on column supacron.job.scheduled_at is 'Since when jobid is this job''s: what an adopted job did before is not its history.';
