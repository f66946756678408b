create unlogged table supacron_queue.census (
    singleton boolean primary key default true check (singleton),
    counted_at timestamptz not null,
    valid_for interval not null,
    total_pending bigint not null,
    total_processing bigint not null,
    completed_last_hour bigint not null,
    failed_last_hour bigint not null,
    avg_processing_time_seconds double precision,
    oldest_pending_seconds double precision
)
with (fillfactor = 10);
alter table supacron_queue.census enable row level security;
comment on table supacron_queue.census is
'One row: the last count that get_queue_stats() made. A cache: it may be emptied at any time, and a crash does.';
comment on column supacron_queue.census.valid_for is
'Twenty times what the count took, so that counting takes 5 % at most.';
