create unlogged table supacron_queue.memory (
    singleton boolean primary key default true check (singleton),
    job_types text[] not null,
    priorities smallint[] not null,
    tenants text[] not null,
    marks timestamptz[] not null,
    mark_ids bigint[] not null,
    seen timestamptz[] not null
)
with (fillfactor = 10);
alter table supacron_queue.memory enable row level security;
comment on table supacron_queue.memory is
'One row: all bands that have jobs or had some lately, in the order of the index. A cache like supacron_queue.lineup.';
comment on column supacron_queue.memory.seen is 'Per band: when it last had a job.';
