select distinct r.rolname::text
from supacron.job j
cross join lateral jsonb_array_elements_text(j.trigger_roles) t (name)
join pg_roles r on r.rolname = t.name
where j.stack <> %(stack)s and j.removed_at is null
order by 1;
