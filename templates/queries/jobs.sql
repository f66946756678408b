select
    name, jobid, removed_at is not null as removed,
    schedule, command, enabled,
    method, url, headers, body, timeout_ms,
    secret, auth_header, auth_prefix, description, owner
from supacron.job
where stack = %(stack)s;
