-- As JSON, since a runtime that is still to be migrated has no such columns.
select
    (to_jsonb(s) ->> 'stopped_at')::timestamptz as stopped_at,
    to_jsonb(s) ->> 'stopped_by' as stopped_by,
    to_jsonb(s) ->> 'stopped_reason' as stopped_reason
from supacron.stack s
where s.name = %(stack)s and s.destroyed_at is null and to_jsonb(s) ->> 'stopped_at' is not null;
