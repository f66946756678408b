-- What asks pg_extension for supabase_vault shall find it. The row is written by hand, since a control file would have
-- to lie in the system's share directory; nothing depends on it, so pg_dump writes the objects one by one.
set allow_system_table_mods to on;
insert into pg_catalog.pg_extension (
  oid, extname, extowner, extnamespace, extrelocatable, extversion, extconfig, extcondition
)
select
  pg_catalog.pg_nextoid('pg_catalog.pg_extension', 'oid', 'pg_catalog.pg_extension_oid_index'),
  'supabase_vault', 'supabase_admin'::regrole, 'vault'::regnamespace, false, '0.3.1', null, null;
reset allow_system_table_mods;
comment on extension supabase_vault is 'Supabase Vault Extension (local stand-in)';
