create or replace function supacron_queue.tenant_turns(l supacron_queue.lineup, wanted_types text[], places integer)
returns supacron_queue.turn[]
language plpgsql
set search_path = ''
as $function$
declare
    band_group record;
    share integer;
    turns supacron_queue.turn[] := '{}';
begin
    for band_group in
        select
            array_agg(b.job_type) as job_types, array_agg(b.priority) as priorities, array_agg(b.tenant_id) as tenants,
            array_agg(b.mark) as marks, array_agg(b.mark_id) as mark_ids, count(*) as size
        from (
            select b.*
            from unnest(l.job_types, l.priorities, l.tenants, l.marks, l.mark_ids, l.heads, l.ranks)
                b (job_type, priority, tenant_id, mark, mark_id, head, rank)
            where wanted_types is null or b.job_type = any(wanted_types)
            order by b.priority desc, b.head is null, b.rank, random()
        ) b
        group by b.priority, b.head is null, b.rank
        order by b.priority desc, b.head is null, b.rank
    loop
        -- First even shares, then whoever has more.
        foreach share in array array[ceil(places::numeric / band_group.size)::integer, places] loop
            turns := turns || row(
                band_group.job_types, band_group.priorities, band_group.tenants, band_group.marks, band_group.mark_ids,
                places, share, 'infinity'::timestamptz
            )::supacron_queue.turn;
            exit when band_group.size = 1;
        end loop;
    end loop;
    return turns;
end;
$function$;
comment on function supacron_queue.tenant_turns(supacron_queue.lineup, text[], integer) is
'All bands in groups by priority, in which each tenant has one band: so a tenant''s cap holds within a turn.';
