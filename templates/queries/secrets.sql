-- As JSON, since a runtime that is still to be migrated has no such column.
select
    name, vault_name, env, description,
    (extract(epoch from (to_jsonb(s) ->> 'rotate_after')::interval) * 1000)::bigint as rotate_after_ms
from supacron.secret s
where stack = %(stack)s;
