select md5(coalesce(string_agg(o.definition, e'\n' order by o.definition), ''))
from (
    select pg_get_functiondef(p.oid) || coalesce(p.proacl::text, '') as definition
    from pg_proc p
    where p.pronamespace = to_regnamespace('supacron')
    union all
    select c.oid::regclass::text || coalesce(c.relacl::text, '')
        || case c.relkind when 'v' then pg_get_viewdef(c.oid) else c.relrowsecurity::text end
    from pg_class c
    where c.relnamespace = to_regnamespace('supacron') and c.relkind in ('r', 'v', 'S')
    union all
    select n.nspname || coalesce(n.nspacl::text, '')
    from pg_namespace n
    where n.nspname = 'supacron'
) o
