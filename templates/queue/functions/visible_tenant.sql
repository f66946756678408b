create or replace function supacron_queue.visible_tenant() returns text
language plpgsql stable security definer
set search_path = ''
as $function$
begin
    if (select s.clients_read from supacron_queue.settings s) then
        return supacron_queue.client_tenant();
    end if;
    return null;
end;
$function$;
comment on function supacron_queue.visible_tenant() is
'Whose jobs the caller may see: its own tenant''s when the stack lets clients read, else nobody''s (null).';
