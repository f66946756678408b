create or replace function supacron_queue.patient_turn(
    l supacron_queue.lineup, wanted_types text[], places integer, by_tenant boolean
) returns supacron_queue.turn
language plpgsql
set search_path = ''
as $function$
declare
    patience interval;
    share numeric;
    kept integer;
    overdue timestamptz;
    turn supacron_queue.turn;
begin
    select s.patience, s.patience_share * places into patience, share from supacron_queue.settings s;
    overdue := clock_timestamp() - patience;
    -- Part of a place is a place that often.
    kept := floor(share) + case when random() < share - floor(share) then 1 else 0 end;
    if kept = 0 then
        return null;
    end if;
    select
        array_agg(b.job_type), array_agg(b.priority), array_agg(b.tenant_id), array_agg(b.mark), array_agg(b.mark_id),
        kept, case when by_tenant then 1 else kept end, overdue
    into turn
    from (
        select o.*
        from (
            select o.*, row_number() over (partition by o.tenant_id order by o.lot) as place
            from (
                select b.*, random() as lot
                from unnest(l.job_types, l.priorities, l.tenants, l.marks, l.mark_ids, l.heads)
                    b (job_type, priority, tenant_id, mark, mark_id, head)
                where b.head < overdue and (wanted_types is null or b.job_type = any(wanted_types))
            ) o
        ) o
        where o.place = 1 or not by_tenant
        order by o.lot
    ) b;
    return turn;
end;
$function$;
comment on function supacron_queue.patient_turn(supacron_queue.lineup, text[], integer, boolean) is
'The places kept for jobs that are due for longer than `patience`, drawn among their bands.';
