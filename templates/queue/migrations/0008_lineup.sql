create unlogged table supacron_queue.lineup (
    singleton boolean primary key default true check (singleton),
    looked_at timestamptz not null,
    swept_at timestamptz not null,
    pause interval not null,
    sweep_pause interval not null,
    oldest timestamptz,
    partial boolean not null,
    crowded boolean not null,
    overdue boolean not null,
    job_types text[] not null,
    priorities smallint[] not null,
    tenants text[] not null,
    marks timestamptz[] not null,
    mark_ids bigint[] not null,
    heads timestamptz[] not null,
    ranks integer[] not null
)
with (fillfactor = 10);
alter table supacron_queue.lineup enable row level security;
comment on table supacron_queue.lineup is
'One row: which bands (job type, priority, tenant) a claim reads, in which order; of many tenants a few, chosen anew '
'at each look. A cache: it may be emptied at any time, and a crash does.';
comment on column supacron_queue.lineup.looked_at is 'When the known bands were looked at.';
comment on column supacron_queue.lineup.swept_at is 'When all of `ready` was searched, without relying on marks.';
comment on column supacron_queue.lineup.pause is
'Until the next look: ten times what the last one took, within bounds.';
comment on column supacron_queue.lineup.sweep_pause is 'Until the next sweep: twenty times what the last one took.';
comment on column supacron_queue.lineup.oldest is 'When the first of all jobs is due.';
comment on column supacron_queue.lineup.partial is 'Whether there are bands with work that are not in it.';
comment on column supacron_queue.lineup.crowded is 'Whether two tenants have work at one priority.';
comment on column supacron_queue.lineup.overdue is
'Whether a job below the highest priority is due for longer than `patience`.';
comment on column supacron_queue.lineup.marks is
'Per band: nothing visible comes before it and its mark_id, so a scan that starts there skips the dead entries of the '
'index.';
comment on column supacron_queue.lineup.heads is 'Per band: when its first job is due; null for a band without work.';
comment on column supacron_queue.lineup.ranks is
'Per band: its turn among those of its tenant and priority, so that a tenant with many job types is one tenant.';
