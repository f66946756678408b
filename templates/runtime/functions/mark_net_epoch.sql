create or replace function supacron.mark_net_epoch() returns void
language plpgsql
set search_path = ''
as $function$
begin
    -- Without a row, or with that of a dropped extension, pg_net's ids have started again. With another start of the
    -- server they go on.
    insert into supacron.net_epoch as e (queue, started_at, server_started_at, system_identifier, timeline)
    select
        q.queue, clock_timestamp(), pg_postmaster_start_time(), s.system_identifier::text,
        -- After a promotion the control file holds the old timeline until a checkpoint.
        case when c.timeline_id = w.timeline then c.timeline_id end
    from (select 'net.http_request_queue'::regclass::oid as queue) q
    cross join pg_catalog.pg_control_system() s
    cross join pg_catalog.pg_control_checkpoint() c
    cross join (select ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer as timeline) w
    left join supacron.net_epoch o on o.queue = q.queue
    -- Which server it is can be noted by the next one; nobody waits for a transaction that is noting it.
    where o.queue is null or (
        (o.server_started_at = pg_postmaster_start_time() and o.timeline is not null) is not true
        and pg_try_advisory_xact_lock(7265003, 9)
    )
    on conflict (singleton) do update
    set queue = excluded.queue,
        started_at = case when e.queue = excluded.queue then e.started_at else excluded.started_at end,
        server_started_at = excluded.server_started_at,
        system_identifier = excluded.system_identifier,
        timeline = excluded.timeline;
end;
$function$;
comment on function supacron.mark_net_epoch() is
'Notes since when pg_net''s ids are those of its present queue, and which server this is.';
