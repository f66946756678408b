create or replace function supacron.fires_on(fields jsonb, day date) returns boolean
language plpgsql immutable
set search_path = ''
as $function$
declare
    by_day constant boolean := (fields -> 'days')::bigint >> extract(day from day)::integer & 1 = 1
        or ((fields -> 'last_day')::boolean and extract(day from day + 1) = 1);
    by_weekday constant boolean := (fields -> 'weekdays')::integer >> extract(dow from day)::integer & 1 = 1;
begin
    return (fields -> 'months')::integer >> extract(month from day)::integer & 1 = 1
        and case when (fields -> 'either')::boolean then by_day or by_weekday else by_day and by_weekday end;
end;
$function$;
comment on function supacron.fires_on(jsonb, date) is 'Whether a schedule, its fields as bits, has that day, at whatever time.';
