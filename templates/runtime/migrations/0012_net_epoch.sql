create unlogged table supacron.net_epoch (
    singleton boolean primary key default true check (singleton),
    queue oid not null,
    started_at timestamptz not null
);
alter table supacron.net_epoch enable row level security;
comment on table supacron.net_epoch is
'Since when pg_net''s request ids are those of this queue. Unlogged like pg_net''s tables: a crash, which starts the ids '
'again, empties it along with them.';
