--: sql: no function of pg_net
select public.run_worker();
