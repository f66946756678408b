create or replace function supacron.move_on() returns integer
language plpgsql
set search_path = ''
as $function$
declare
    recorded integer := 0;
begin
    -- Without HTTP jobs pg_net need not be here.
    if to_regclass('net._http_response') is not null then
        recorded := supacron.collect_answers();
        perform supacron.send_waiting();
    end if;
    perform supacron.tell_failures();
    return recorded;
end;
$function$;
comment on function supacron.move_on() is
'Moves each run on whose answer came or whose turn it is; returns how many answers were recorded.';
