create or replace function supacron_queue.caller() returns text
language plpgsql stable
set search_path = ''
as $function$
begin
    -- The role that called the outermost function: SECURITY DEFINER does not change the setting `role`.
    return case current_setting('role') when 'none' then session_user::text else current_setting('role') end;
end;
$function$;
comment on function supacron_queue.caller() is
'Who called: the role of the request or session, whichever functions it came through.';
