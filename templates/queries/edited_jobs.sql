-- As JSON, since a runtime that is still to be migrated has no such column. Most rows are as they were applied, and end
-- at the comparison of the whole.
select j.name, a.key, a.value
from (
    select s.name, to_jsonb(s) as definition
    from supacron.job s
    where s.stack = %(stack)s and s.removed_at is null
) j
cross join lateral jsonb_each(nullif(j.definition -> 'applied', 'null')) a
where j.definition - array[
    'id', 'stack', 'name', 'jobid', 'scheduled_at', 'created_at', 'changed_at', 'removed_at', 'closed', 'applied'
] <> j.definition -> 'applied'
    and a.value is distinct from j.definition -> a.key;
