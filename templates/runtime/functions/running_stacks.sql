create or replace function supacron.running_stacks() returns text[]
language sql stable
set search_path = ''
as $function$
    select coalesce(array_agg(s.name), '{}')
    from supacron.stack s
    cross join (select supacron.place() as name) here
    where s.destroyed_at is null
        and s.stopped_at is null
        and (here.name = 'same' or (here.name = 'failover' and s.on_failover = 'warn'));
$function$;
comment on function supacron.running_stacks() is 'The stacks whose jobs are to run in this database, as check_place has it, and that nobody stopped.';
