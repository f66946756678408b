-- A webhook made in the dashboard is a trigger whose arguments are the URL, the headers and the body.
select
    format('%I on %I.%I', t.tgname, n.nspname, c.relname), '',
    null::bigint, null::bigint, null::bigint, 1, pg_get_triggerdef(t.oid)
from pg_trigger t
join pg_class c on c.oid = t.tgrelid
join pg_namespace n on n.oid = c.relnamespace
where not t.tgisinternal
order by 1
