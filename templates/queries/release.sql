select
    id, applied_at, applied_by, applied_from, ci_run, git_commit, git_clean, tool_version, digest, definitions_digest,
    changes, promotion, waived, to_jsonb(r) -> 'lifted' as lifted, definitions, overrides
from supacron.release r
where stack = %(stack)s and (%(id)s::bigint is null or id = %(id)s)
order by id desc
limit 1;
