create or replace function supacron_queue.fair_turn(l supacron_queue.lineup, wanted_types text[], places integer)
returns supacron_queue.turn
language plpgsql
set search_path = ''
as $function$
declare
    turn supacron_queue.turn;
begin
    select
        array_agg(b.job_type), array_agg(b.priority), array_agg(b.tenant_id), array_agg(b.mark), array_agg(b.mark_id),
        places, ceil(places::numeric / nullif(count(*), 0)), 'infinity'
    into turn
    from (
        select b.*
        from (
            select distinct on (b.tenant_id) b.*
            from (
                select b.*, max(b.priority) over () as top
                from unnest(l.job_types, l.priorities, l.tenants, l.marks, l.mark_ids, l.heads, l.ranks)
                    b (job_type, priority, tenant_id, mark, mark_id, head, rank)
                where b.head is not null and (wanted_types is null or b.job_type = any(wanted_types))
            ) b
            where b.priority = b.top
            order by b.tenant_id, b.rank
        ) b
        order by random()
    ) b;
    return turn;
end;
$function$;
comment on function supacron_queue.fair_turn(supacron_queue.lineup, text[], integer) is
'An even share for each tenant that has work at the highest priority, in an order that is drawn.';
