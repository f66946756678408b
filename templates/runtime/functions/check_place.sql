create or replace function supacron.check_place(stack_name text) returns void
language plpgsql stable
set search_path = ''
as $function$
declare
    place constant text := supacron.place();
begin
    if place = 'copy' then
        raise exception 'supacron: this database is a copy of the one that was applied, and its jobs do not run here'
            using errcode = 'object_not_in_prerequisite_state',
            hint = 'If they are to run here, too: `pulumi up` against this database. If not: leave it, or `pulumi destroy`.';
    end if;
    if place = 'failover'
        and exists (select from supacron.stack s where s.name = stack_name and s.on_failover = 'refuse')
    then
        raise exception 'supacron: this database is on another timeline than the last apply saw: a failover or a restore'
            using errcode = 'object_not_in_prerequisite_state',
            hint = 'Once it is the one that is to run: `pulumi up`. The stack says `on_failover: refuse`.';
    end if;
end;
$function$;
comment on function supacron.check_place(text) is
'Raises in a copy of the database, and after a failover where the stack refuses then.';
