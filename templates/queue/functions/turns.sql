create or replace function supacron_queue.turns(
    l supacron_queue.lineup, wanted_types text[], places integer, by_tenant boolean
) returns supacron_queue.turn[]
language plpgsql
set search_path = ''
as $function$
declare
    turns supacron_queue.turn[] := '{}';
    turn supacron_queue.turn;
begin
    if l.overdue then
        turn := supacron_queue.patient_turn(l, wanted_types, places, by_tenant);
        if cardinality(turn.job_types) > 0 then
            turns := turns || turn;
        end if;
    end if;
    if by_tenant then
        return turns || supacron_queue.tenant_turns(l, wanted_types, places);
    end if;
    if l.crowded then
        turn := supacron_queue.fair_turn(l, wanted_types, places);
        if cardinality(turn.job_types) > 1 then
            turns := turns || turn;
        end if;
    end if;
    -- And then whoever has more, in the order of the lineup.
    return turns || row(
        l.job_types, l.priorities, l.tenants, l.marks, l.mark_ids, places, places, 'infinity'::timestamptz
    )::supacron_queue.turn;
end;
$function$;
comment on function supacron_queue.turns(supacron_queue.lineup, text[], integer, boolean) is
'The turns of one claim: the places kept for jobs that wait too long, an even share for each tenant at the highest '
'priority, then whoever has more. With by_tenant no turn has two bands of one tenant.';
