create table supacron_queue.migration (
    number integer primary key,
    name text not null,
    applied_at timestamptz not null default now()
);
alter table supacron_queue.migration enable row level security;
comment on table supacron_queue.migration is 'Which migrations of the queue this database has had.';
