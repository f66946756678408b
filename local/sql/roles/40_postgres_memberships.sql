-- The project's owner may act as every API role, and sees all sessions and their statements.
grant anon, authenticated, service_role to postgres;
grant pg_monitor, pg_read_all_stats, pg_signal_backend to postgres;
