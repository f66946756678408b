select format('%I.%I', n.nspname, c.relname), '', null::bigint, null::bigint, null::bigint, 1, pg_get_viewdef(c.oid)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('v', 'm')
    and n.nspname not in ('pg_catalog', 'information_schema')
    and not exists (
        select from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e'
    )
order by 1
