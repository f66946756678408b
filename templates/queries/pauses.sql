-- As JSON, since a runtime that is still to be migrated has no such column.
select j.name, p.paused_by, p.reason, p.until, coalesce((to_jsonb(p) ->> 'automatic')::boolean, false)
from supacron.pause p
join supacron.job j on j.id = p.job_id
where j.stack = %(stack)s;
