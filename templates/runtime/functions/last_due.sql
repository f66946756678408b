create or replace function supacron.last_due(due jsonb, later_than timestamptz, until timestamptz) returns timestamptz
language plpgsql stable
set search_path = ''
as $function$
declare
    minutes constant bigint := due -> 'minutes';
    hours constant integer := due -> 'hours';
    first_day constant date := greatest(later_than, until - interval '400 days') at time zone 'UTC';
    day date := until at time zone 'UTC';
    last timestamptz;
begin
    while day >= first_day loop
        if supacron.fires_on(due, day) then
            select day::timestamp at time zone 'UTC' + h * interval '1 hour' + m * interval '1 minute' into last
            from generate_series(23, 0, -1) h, generate_series(59, 0, -1) m
            where hours >> h & 1 = 1 and minutes >> m & 1 = 1
                and day::timestamp at time zone 'UTC' + h * interval '1 hour' + m * interval '1 minute' <= until
                and (
                    due -> 'zone' is null
                    or supacron.is_slot(due, day::timestamp at time zone 'UTC' + h * interval '1 hour' + m * interval '1 minute')
                )
            order by h desc, m desc
            limit 1;
            if last is not null then
                return case when last > later_than then last end;
            end if;
        end if;
        day := day - 1;
    end loop;
    return null;
end;
$function$;
comment on function supacron.last_due(jsonb, timestamptz, timestamptz) is
'When a schedule was last due in that time, at most 400 days back; null: not at all. See supacron.job.due.';
