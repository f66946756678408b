-- The system identifier and the timeline tell a copy of a database from its original.
grant execute on function pg_catalog.pg_control_system() to postgres;
grant execute on function pg_catalog.pg_control_checkpoint() to postgres;
