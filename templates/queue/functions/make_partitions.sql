create or replace function supacron_queue.make_partitions(ahead integer default 7) returns integer
language plpgsql
set search_path = ''
as $function$
declare
    -- The day of clocks that are a little behind is needed as well.
    first_day constant date := (now() at time zone 'UTC')::date;
    day date;
    name text;
    day_start timestamptz;
    day_end timestamptz;
    made integer := 0;
begin
    for day in select generate_series(first_day, first_day + ahead, interval '1 day')::date loop
        name := supacron_queue.archive_partition(day);
        if to_regclass('supacron_queue.' || name) is not null then
            continue;
        end if;
        day_start := day::timestamp at time zone 'UTC';
        day_end := (day + 1)::timestamp at time zone 'UTC';
        -- Attaching locks less than `partition of`, which would keep everybody out of the archive.
        execute format('create table supacron_queue.%I (like supacron_queue.archive including all)', name);
        execute format('alter table supacron_queue.%I enable row level security', name);
        execute format(
            'with late as (delete from supacron_queue.archive_default d'
            ' where d.finished_at >= %L and d.finished_at < %L returning d.*)'
            ' insert into supacron_queue.%I select l.* from late l',
            day_start, day_end, name
        );
        execute format(
            'alter table supacron_queue.archive attach partition supacron_queue.%I for values from (%L) to (%L)',
            name, day_start, day_end
        );
        made := made + 1;
    end loop;
    return made;
end;
$function$;
comment on function supacron_queue.make_partitions(integer) is
'Makes the archive''s partitions for today and the days ahead; returns how many were missing.';
