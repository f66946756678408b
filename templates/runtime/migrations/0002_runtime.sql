create table supacron.runtime (
    singleton boolean primary key default true check (singleton),
    project_ref text not null,
    system_identifier text not null,
    timeline integer not null,
    tool_version text not null,
    digest text not null,
    fingerprint text not null default '',
    collected_runid bigint not null default 0,
    collected_at timestamptz,
    installed_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table supacron.runtime is 'One row: which project this database belongs to, and which runtime it holds.';
comment on column supacron.runtime.digest is 'Digest of the functions, views and grants that the tool installed.';
comment on column supacron.runtime.collected_runid is
'Every finished row of cron.job_run_details up to this runid was looked at.';
comment on column supacron.runtime.fingerprint is
'What the installed functions, views and grants looked like, so that a change made outside is seen.';
