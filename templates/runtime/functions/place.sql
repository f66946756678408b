create or replace function supacron.place() returns text
language sql stable
set search_path = ''
as $function$
    select case
        when s.system_identifier::text <> r.system_identifier then 'copy'
        when c.timeline_id <> r.timeline then 'failover'
        else 'same'
    end
    from supacron.runtime r, pg_catalog.pg_control_system() s, pg_catalog.pg_control_checkpoint() c;
$function$;
comment on function supacron.place() is
'Whether this is the database that was applied to: same, copy (another cluster), failover (another timeline).';
