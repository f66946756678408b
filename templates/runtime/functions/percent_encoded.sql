create or replace function supacron.percent_encoded(value text) returns text
language sql immutable
set search_path = ''
as $function$
    select string_agg(
        case when b.code between 33 and 126 and b.code <> 37 then chr(b.code) else '%' || lpad(to_hex(b.code), 2, '0') end,
        '' order by b.place
    )
    from (
        select i as place, get_byte(convert_to(value, 'UTF8'), i) as code
        from generate_series(0, octet_length(convert_to(value, 'UTF8')) - 1) i
    ) b;
$function$;
comment on function supacron.percent_encoded(text) is 'Text as visible ASCII, for the value of a header.';
