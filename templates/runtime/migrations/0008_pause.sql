create table supacron.pause (
    job_id bigint primary key references supacron.job (id) on delete cascade,
    paused_by text not null,
    reason text not null,
    until timestamptz,
    paused_at timestamptz not null default now()
);
comment on table supacron.pause is 'Jobs that somebody paused: who, why, until when (null: until resumed).';
