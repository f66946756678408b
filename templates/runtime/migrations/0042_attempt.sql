create table supacron.attempt (
    run_id bigint not null references supacron.run (id) on delete cascade,
    attempt integer not null,
    request_id bigint,
    queued_at timestamptz not null,
    sent_at timestamptz,
    seen_at timestamptz,
    outcome text not null,
    status_code integer,
    error text,
    primary key (run_id, attempt)
);
alter table supacron.attempt enable row level security;
comment on table supacron.attempt is 'Attempts after which another was made; the last one of a run is in supacron.run.';
