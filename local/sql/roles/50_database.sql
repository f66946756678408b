-- The database belongs to the project's owner, so that schema public (of pg_database_owner) is open to it.
alter database postgres owner to postgres;
