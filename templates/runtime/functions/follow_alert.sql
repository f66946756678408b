create or replace function supacron.follow_alert(alert supacron.alert, seen jsonb) returns void
language plpgsql
set search_path = ''
as $function$
declare
    millisecond constant interval := '1 millisecond';
    -- While it is open a moment without the condition changes nothing, and while it is not, a moment with it.
    holding constant timestamptz := case when seen is not null then coalesce(alert.holds_since, now()) end;
    clearing timestamptz;
    open supacron.incident;
begin
    select * into open
    from supacron.incident i
    where i.stack = alert.stack and i.alert = alert.name and i.ended_at is null;
    if open.id is null and seen is not null and holding + alert.start_after_ms * millisecond <= now() then
        perform supacron.start_incident(alert, seen);
    elsif open.id is not null and seen is not null then
        update supacron.incident i set observed = seen where i.id = open.id and i.observed <> seen;
        perform supacron.repeat_incident(alert, open.id, seen);
    elsif open.id is not null then
        clearing := coalesce(alert.clear_since, now());
        if clearing + alert.end_after_ms * millisecond <= now() then
            perform supacron.end_incident(open);
            clearing := null;
        end if;
    end if;
    update supacron.alert a
    set holds_since = holding, clear_since = clearing
    where a.stack = alert.stack and a.name = alert.name
        and (a.holds_since, a.clear_since) is distinct from (holding, clearing);
end;
$function$;
comment on function supacron.follow_alert(supacron.alert, jsonb) is
'What comes of one look at a condition (`seen` is null when it does not hold): the alert starts, goes on, ends or stays.';
