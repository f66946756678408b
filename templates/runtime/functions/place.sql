create or replace function supacron.place() returns text
language plpgsql stable
set search_path = ''
as $function$
begin
    return (
        select case
            when (pg_catalog.pg_control_system()).system_identifier::text <> r.system_identifier then 'copy'
            when (pg_catalog.pg_control_checkpoint()).timeline_id <> r.timeline then 'failover'
            else 'same'
        end
        from supacron.runtime r
    );
end;
$function$;
comment on function supacron.place() is
'Whether this is the database that was applied to: same, copy (another cluster), failover (another timeline).';
