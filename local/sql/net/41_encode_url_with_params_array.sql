-- Appends the parameters to the URL's query, before its fragment. The original lets libcurl parse the URL, so one
-- without a scheme is refused here too, when the request is queued; the wording of its error varies with the version.
create function net._encode_url_with_params_array(url text, params_array text[]) returns text
language plpgsql
immutable
as $$
declare
  place int := position('#' in url);
  base text := case when place > 0 then left(url, place - 1) else url end;
  fragment text := case when place > 0 then substr(url, place) else '' end;
  query text := array_to_string(params_array, '&');
begin
  if url !~* '^[a-z][a-z0-9+.-]*://[^/?#[:space:]]+[^[:space:]]*$' then
    raise exception 'URL using bad/illegal format or missing URL';
  end if;
  if base !~ '://[^/?]*[/?]' then
    base := base || '/';
  end if;
  if query <> '' then
    base := base || case
      when base !~ '\?' then '?'
      when base ~ '[?&]$' then ''
      else '&'
    end || query;
  end if;
  return base || fragment;
end
$$;
