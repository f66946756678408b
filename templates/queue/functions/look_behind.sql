create or replace function supacron_queue.look_behind() returns void
language plpgsql
set search_path = ''
as $function$
begin
    -- Whoever holds the row is looking: then the next sweep must do.
    update supacron_queue.lineup l
    set looked_at = '-infinity',
        swept_at = least(l.swept_at, clock_timestamp() - greatest(interval '30 seconds', l.sweep_pause))
    where l.singleton = (select o.singleton from supacron_queue.lineup o for update skip locked);
end;
$function$;
comment on function supacron_queue.look_behind() is
'Makes the next claim sweep, since jobs came back to places that a mark hides.';
