create or replace function supacron_queue.client_tenant() returns text
language plpgsql stable security definer
set search_path = ''
as $function$
declare
    claims constant text := nullif(current_setting('request.jwt.claims', true), '');
begin
    return nullif(
        claims::jsonb #>> string_to_array((select s.tenant_claim from supacron_queue.settings s), '.'), ''
    );
end;
$function$;
comment on function supacron_queue.client_tenant() is 'The tenant in the caller''s JWT; null without one.';
