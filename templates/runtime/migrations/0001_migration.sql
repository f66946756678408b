create table supacron.migration (
    number integer primary key,
    name text not null,
    applied_at timestamptz not null default now()
);
comment on table supacron.migration is 'Which migrations of the runtime this database has had.';
