create or replace function supacron.start_incident(alert supacron.alert, seen jsonb) returns void
language plpgsql
set search_path = ''
as $function$
declare
    new_id bigint;
begin
    insert into supacron.incident (stack, alert, kind, observed)
    values (alert.stack, alert.name, alert.kind, seen)
    returning id into new_id;
    insert into supacron.alert_post (stack, alert, incident_id, event, observed, try_at)
    values (alert.stack, alert.name, new_id, 'start', seen, now());
end;
$function$;
comment on function supacron.start_incident(supacron.alert, jsonb) is 'Opens an alert, and has it posted.';
