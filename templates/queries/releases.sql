-- Without the definitions' text, which one release alone may be asked for.
select
    id, applied_at, applied_by, applied_from, ci_run, git_commit, git_clean, tool_version, digest, definitions_digest,
    changes, promotion, waived
from supacron.release
where stack = %(stack)s
order by id desc
limit %(limit)s;
