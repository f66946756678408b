create or replace function supacron.in_words(span interval) returns text
language sql immutable
set search_path = ''
as $function$
    select case
        when s.seconds >= 172800 or s.seconds = 86400 then s.seconds / 86400 || ' d'
        when s.seconds >= 7200 or s.seconds = 3600 then s.seconds / 3600 || ' h'
        when s.seconds >= 120 or s.seconds = 60 then s.seconds / 60 || ' min'
        else s.seconds || ' s'
    end
    from (select greatest(0, floor(extract(epoch from span)))::bigint as seconds) s;
$function$;
comment on function supacron.in_words(interval) is 'A duration in its largest whole unit, such as `42 s` or `3 min`.';
