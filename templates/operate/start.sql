with before as (
    select s.name, s.stopped_at, s.stopped_by, s.stopped_reason
    from supacron.stack s
    where s.name = %(stack)s and s.stopped_at is not null
)
update supacron.stack s
set stopped_at = null, stopped_by = null, stopped_reason = null
from before b
where s.name = b.name
returning b.stopped_at, b.stopped_by, b.stopped_reason;
