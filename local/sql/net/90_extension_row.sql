-- What asks pg_extension for pg_net shall find it. The row is written by hand, since a control file would have to lie
-- in the system's share directory; nothing depends on it, so pg_dump writes the objects one by one.
set allow_system_table_mods to on;
insert into pg_catalog.pg_extension (
  oid, extname, extowner, extnamespace, extrelocatable, extversion, extconfig, extcondition
)
select
  pg_catalog.pg_nextoid('pg_catalog.pg_extension', 'oid', 'pg_catalog.pg_extension_oid_index'),
  'pg_net', 'supabase_admin'::regrole, 'net'::regnamespace, false, '0.20.4', null, null;
reset allow_system_table_mods;
comment on extension pg_net is 'Async HTTP (local stand-in)';
