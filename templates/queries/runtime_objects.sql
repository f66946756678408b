select jsonb_object_agg(o.name, md5(o.definition))
from (
    select 'function ' || p.oid::regprocedure::text as name, pg_get_functiondef(p.oid) as definition
    from pg_proc p
    where p.pronamespace = to_regnamespace('supacron')
    union all
    select 'grants on function ' || p.oid::regprocedure::text, coalesce(p.proacl::text, '')
    from pg_proc p
    where p.pronamespace = to_regnamespace('supacron')
    union all
    select 'view ' || c.oid::regclass::text, pg_get_viewdef(c.oid)
    from pg_class c
    where c.relnamespace = to_regnamespace('supacron') and c.relkind = 'v'
    union all
    select 'row level security of ' || c.oid::regclass::text, c.relrowsecurity::text
    from pg_class c
    where c.relnamespace = to_regnamespace('supacron') and c.relkind = 'r'
    union all
    select 'grants on ' || c.oid::regclass::text, coalesce(c.relacl::text, '')
    from pg_class c
    where c.relnamespace = to_regnamespace('supacron') and c.relkind in ('r', 'v', 'S')
    union all
    select 'grants on schema ' || n.nspname, coalesce(n.nspacl::text, '')
    from pg_namespace n
    where n.nspname = 'supacron'
) o
