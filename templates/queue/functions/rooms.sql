create or replace function supacron_queue.rooms(tenants text[], tenant_max integer) returns integer[]
language plpgsql
set search_path = ''
as $function$
begin
    if tenant_max is null then
        return null;
    end if;
    return array(
        select
            case
                when t.tenant_id <> '' then greatest(0, tenant_max - (
                    select count(*) from supacron_queue.running r where r.tenant_id = t.tenant_id collate "C"
                ))
            end
        from unnest(tenants) with ordinality t (tenant_id, place)
        order by t.place
    );
end;
$function$;
comment on function supacron_queue.rooms(text[], integer) is
'How many jobs more each tenant may have running: null for any number.';
