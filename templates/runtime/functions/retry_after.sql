create or replace function supacron.retry_after(headers jsonb) returns interval
language plpgsql stable
set search_path = ''
as $function$
declare
    asked constant text := (select h.value from jsonb_each_text(headers) h where lower(h.key) = 'retry-after' limit 1);
begin
    if asked ~ '^\d{1,9}$' then
        return asked::integer * interval '1 second';
    elsif asked ~ '^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$' then
        return greatest(substr(asked, 6)::timestamptz - clock_timestamp(), '0');
    end if;
    return null;
exception
    when datetime_field_overflow or invalid_datetime_format then
        return null;
end;
$function$;
comment on function supacron.retry_after(jsonb) is 'How long an answer''s Retry-After asks to wait; null: it asks nothing.';
