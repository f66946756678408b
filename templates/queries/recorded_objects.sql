-- As JSON, since a runtime that is still to be migrated has no such column.
select coalesce(to_jsonb(r) -> 'objects', '{}') from supacron.runtime r;
