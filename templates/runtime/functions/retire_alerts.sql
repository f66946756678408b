create or replace function supacron.retire_alerts(stack_name text, names text[]) returns void
language plpgsql
set search_path = ''
as $function$
declare
    open supacron.incident;
    last_post bigint;
begin
    for open in
        select i.*
        from supacron.incident i
        where i.stack = stack_name and i.alert = any(names) and i.ended_at is null
    loop
        -- Now or never: afterwards nobody knows where to post it.
        last_post := supacron.end_incident(open);
        perform supacron.send_post(last_post);
    end loop;
    update supacron.alert_post p
    set given_up_at = now(), try_at = null, error = 'the alert is defined no more'
    where p.stack = stack_name and p.alert = any(names) and p.delivered_at is null and p.given_up_at is null
        and p.try_at is not null;
    delete from supacron.alert a where a.stack = stack_name and a.name = any(names);
end;
$function$;
comment on function supacron.retire_alerts(text, text[]) is
'Takes out alerts that their stack wants no more; those that are open end, and one attempt is made to post it.';
