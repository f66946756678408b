-- Percent-encodes every byte but A-Z a-z 0-9 - . _ ~, like curl_easy_escape.
create function net._urlencode_string(string varchar) returns text
language sql
immutable
as $$
  select coalesce(
    string_agg(
      case
        when b.code between 48 and 57 or b.code between 65 and 90 or b.code between 97 and 122 or b.code in (45, 46, 95, 126)
          then chr(b.code)
        else '%' || upper(lpad(to_hex(b.code), 2, '0'))
      end,
      '' order by b.place
    ),
    ''
  )
  from (
    select i as place, get_byte(convert_to(string, 'utf8'), i) as code
    from generate_series(0, octet_length(convert_to(string, 'utf8')) - 1) as i
  ) as b
$$;
