select
    (select r.project_ref from supacron.runtime r) as project_ref,
    coalesce(array_agg(s.name order by s.name) filter (where s.destroyed_at is null), '{}') as stacks
from supacron.stack s;
