-- The worker ends after its batch and connects anew. The original restarts at once; here it is at the commit.
create function net.worker_restart() returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform pg_catalog.pg_notify('pg_net_restart', '');
  return pg_catalog.pg_reload_conf();
end
$$;
