create or replace function supacron_queue.look_behind() returns void
language plpgsql
set search_path = ''
as $function$
declare
    current_version bigint;
begin
    -- Whoever holds the row is looking: then the next sweep must do.
    select l.version into current_version
    from supacron_queue.lineup l
    order by l.version desc
    limit 1
    for update skip locked;
    update supacron_queue.lineup l
    set looked_at = '-infinity',
        swept_at = least(l.swept_at, clock_timestamp() - greatest(interval '30 seconds', l.sweep_pause))
    where l.version = current_version;
end;
$function$;
comment on function supacron_queue.look_behind() is
'Makes the next claim sweep, since jobs came back to places that a mark hides.';
