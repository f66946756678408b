-- Stand-in for pg_net 0.20.4: the same tables, functions, signatures and grants (everything is open to PUBLIC).
-- The worker is a process of its own (local/pg_net_worker.py) and not a background worker of the server: it is woken
-- by NOTIFY, so a transaction that queues a request cannot be prepared for a two-phase commit.
create schema net;
grant usage on schema net to public;
grant usage on schema net to postgres, anon, authenticated, service_role;
