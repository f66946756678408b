create function net.wait_until_running() returns void
language plpgsql
volatile
as $$
begin
  loop
    perform pg_catalog.pg_stat_clear_snapshot();
    exit when exists (
      select from pg_catalog.pg_stat_activity as a
      where a.backend_type ilike '%pg_net%' or a.application_name like 'pg_net %'
    );
    perform pg_catalog.pg_sleep(0.05);
  end loop;
end
$$;
