create or replace function supacron_queue.discover(
    known supacron_queue.memory, forgotten timestamptz, moment timestamptz, sweep boolean
) returns supacron_queue.memory
language plpgsql
set search_path = ''
as $function$
declare
    -- With more bands than this, a look searches some of the gaps between them, and the next one others.
    most_gaps constant integer := 500;
    size constant integer := coalesce(cardinality(known.job_types), 0) + 1;
    first_gap constant integer := floor(random() * size);
    found_types text[] := '{}';
    found_priorities smallint[] := '{}';
    found_tenants text[] := '{}';
    found_marks timestamptz[] := '{}';
    found_mark_ids bigint[] := '{}';
    found_seen timestamptz[] := '{}';
    at_type text := '';
    at_priority smallint := 0;
    at_tenant text := '';
    band record;
    new_band record;
begin
    -- Between two known bands everything is new; no known band's entries are read here.
    for band in
        select b.*
        from unnest(known.job_types, known.priorities, known.tenants, known.marks, known.mark_ids, known.seen)
            with ordinality b (job_type, priority, tenant_id, mark, mark_id, seen, place)
        where b.seen > forgotten
        union all
        select '~', 0::smallint, '', null, null, null, size
    loop
        while sweep or (band.place + first_gap) % size < most_gaps loop
            select * into new_band
            from supacron_queue.next_band(
                at_type, at_priority, at_tenant, band.job_type, band.priority, band.tenant_id
            );
            exit when new_band.job_type is null;
            found_types := found_types || new_band.job_type;
            found_priorities := found_priorities || new_band.priority;
            found_tenants := found_tenants || new_band.tenant_id;
            found_marks := found_marks || '-infinity'::timestamptz;
            found_mark_ids := found_mark_ids || 0::bigint;
            found_seen := found_seen || moment;
            at_type := new_band.job_type;
            at_priority := new_band.priority;
            at_tenant := new_band.tenant_id;
        end loop;
        exit when band.mark is null;
        found_types := found_types || band.job_type;
        found_priorities := found_priorities || band.priority;
        found_tenants := found_tenants || band.tenant_id;
        found_marks := found_marks || case when sweep then '-infinity' else band.mark end;
        found_mark_ids := found_mark_ids || band.mark_id;
        found_seen := found_seen || band.seen;
        at_type := band.job_type;
        at_priority := band.priority;
        at_tenant := band.tenant_id;
    end loop;
    return row(
        found_types, found_priorities, found_tenants, found_marks, found_mark_ids, found_seen,
        coalesce(known.version, 0) + 1
    );
end;
$function$;
comment on function supacron_queue.discover(supacron_queue.memory, timestamptz, timestamptz, boolean) is
'The known bands that are not forgotten, and those between them that are new; a sweep resets their marks.';
