create or replace function supacron.mark_net_epoch() returns void
language plpgsql
set search_path = ''
as $function$
begin
    -- Without a row, or with that of a dropped extension, pg_net's ids have started again.
    insert into supacron.net_epoch (queue, started_at)
    select q.queue, clock_timestamp()
    from (select 'net.http_request_queue'::regclass::oid as queue) q
    where not exists (select from supacron.net_epoch e where e.queue = q.queue)
    on conflict (singleton) do update set queue = excluded.queue, started_at = excluded.started_at
    where net_epoch.queue <> excluded.queue;
end;
$function$;
comment on function supacron.mark_net_epoch() is 'Notes since when pg_net''s ids are those of its present queue.';
