create or replace function supacron.test_alert(stack_name text, alert_name text) returns bigint
language plpgsql
set search_path = ''
as $function$
declare
    new_id bigint;
begin
    perform supacron.check_place(stack_name);
    insert into supacron.alert_post (stack, alert, event, observed)
    select a.stack, a.name, 'test', supacron.observation('a test, asked for by hand: nothing is wrong', null, null, null)
    from supacron.alert a
    where a.stack = stack_name and a.name = alert_name
    returning id into new_id;
    if new_id is null then
        raise exception 'supacron: no alert "%" is defined here', alert_name using errcode = 'no_data_found';
    end if;
    perform supacron.send_post(new_id);
    return new_id;
end;
$function$;
comment on function supacron.test_alert(text, text) is 'Posts a test of an alert, once; returns the post''s id.';
