create or replace function supacron.repeat_incident(alert supacron.alert, incident bigint, seen jsonb) returns void
language plpgsql
set search_path = ''
as $function$
declare
    latest supacron.alert_post;
begin
    select * into latest
    from supacron.alert_post p
    where p.incident_id = incident
    order by p.at desc
    limit 1;
    -- One that is still to be delivered tells enough.
    if latest.delivered_at is null and latest.given_up_at is null then
        return;
    end if;
    if latest.at + alert.repeat_every_ms * interval '1 millisecond' <= now() then
        insert into supacron.alert_post (stack, alert, incident_id, event, observed, try_at)
        values (alert.stack, alert.name, incident, 'repeat', seen, now());
    end if;
end;
$function$;
comment on function supacron.repeat_incident(supacron.alert, bigint, jsonb) is 'Has an open alert posted again when it is time.';
