-- Wakes the worker when the transaction commits, once however often it is called.
create function net.wake() returns void
language sql
volatile
as $$
  select pg_catalog.pg_notify('pg_net_wake', '')
$$;
