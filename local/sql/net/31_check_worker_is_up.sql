-- The original asks for a backend of type 'pg_net <version> worker'. No client can have that type, so the worker here
-- is known by its application name.
create function net.check_worker_is_up() returns void
language plpgsql
volatile
as $$
begin
  if not exists (
    select from pg_catalog.pg_stat_activity as a
    where a.backend_type ilike '%pg_net%' or a.application_name like 'pg_net %'
  ) then
    raise exception 'the pg_net background worker is not up'
      using hint = 'Start the local stack: python -m local up';
  end if;
end
$$;
