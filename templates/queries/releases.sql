-- Without the definitions' text, which one release alone may be asked for.
select
    id, applied_at, applied_by, applied_from, ci_run, git_commit, git_clean, tool_version, digest, definitions_digest,
    changes, promotion, waived,
    -- As JSON, since a runtime that is still to be migrated has no such column.
    to_jsonb(r) -> 'lifted' as lifted
from supacron.release r
where stack = %(stack)s
order by id desc
limit %(limit)s;
