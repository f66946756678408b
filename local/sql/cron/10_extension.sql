-- The real pg_cron, created as on Supabase: by the superuser, in pg_catalog.
create extension pg_cron with schema pg_catalog;
