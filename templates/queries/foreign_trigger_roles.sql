select distinct r.rolname::text
from supacron.job j
-- As JSON, since a runtime that is still to be migrated has no such column.
cross join lateral jsonb_array_elements_text(nullif(to_jsonb(j) -> 'trigger_roles', 'null')) t (name)
join pg_roles r on r.rolname = t.name
where j.stack <> %(stack)s and j.removed_at is null
order by 1;
