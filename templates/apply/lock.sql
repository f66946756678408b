select pg_advisory_xact_lock(7318349394476822);
