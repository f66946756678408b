create or replace function supacron.iso(moment timestamptz) returns text
language sql immutable
set search_path = ''
as $function$
    select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
$function$;
comment on function supacron.iso(timestamptz) is 'A moment as ISO 8601 in UTC, to the second.';
