update supacron.stack
set stopped_at = now(), stopped_by = %(by)s, stopped_reason = %(reason)s
where name = %(stack)s and stopped_at is null
returning stopped_at;
