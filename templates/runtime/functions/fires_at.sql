create or replace function supacron.fires_at(fields jsonb, moment timestamp) returns boolean
language plpgsql immutable
set search_path = ''
as $function$
begin
    return (fields -> 'minutes')::bigint >> extract(minute from moment)::integer & 1 = 1
        and (fields -> 'hours')::integer >> extract(hour from moment)::integer & 1 = 1
        and supacron.fires_on(fields, moment::date);
end;
$function$;
comment on function supacron.fires_at(jsonb, timestamp) is
'Whether a schedule, its fields as bits, has the minute that a clock on the wall shows.';
