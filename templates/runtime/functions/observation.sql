create or replace function supacron.observation(detail text, value numeric, top numeric, unit text) returns jsonb
language sql immutable
set search_path = ''
as $function$
    select jsonb_build_object('detail', detail, 'value', round(value, 1), 'limit', top, 'unit', unit);
$function$;
comment on function supacron.observation(text, numeric, numeric, text) is 'What an observe function returns while its condition holds.';
