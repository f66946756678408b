create or replace function supacron_queue.is_client() returns boolean
language plpgsql stable
set search_path = ''
as $function$
begin
    return not pg_has_role(supacron_queue.caller()::name, 'service_role', 'usage');
end;
$function$;
comment on function supacron_queue.is_client() is
'Whether the caller is somebody without the rights of service_role: then it has one tenant, that of its JWT.';
