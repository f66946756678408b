create or replace function supacron.end_incident(incident supacron.incident) returns bigint
language plpgsql
set search_path = ''
as $function$
declare
    new_id bigint;
begin
    update supacron.incident i set ended_at = now() where i.id = incident.id;
    insert into supacron.alert_post (stack, alert, incident_id, event, observed, try_at)
    values (incident.stack, incident.alert, incident.id, 'end', incident.observed, now())
    returning id into new_id;
    return new_id;
end;
$function$;
comment on function supacron.end_incident(supacron.incident) is 'Closes an alert, and has it posted; returns the post''s id.';
