-- What a name looks like in a definition depends on it.
set local search_path = pg_catalog, public;
