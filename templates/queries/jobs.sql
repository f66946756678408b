select
    name, jobid, removed_at is not null as removed,
    schedule, command, enabled,
    method, url, headers, body, timeout_ms,
    -- An earlier runtime has one credential, in columns of its own.
    case
        when to_jsonb(j) ? 'auth' then nullif(to_jsonb(j) -> 'auth', 'null')
        when to_jsonb(j) ->> 'secret' is not null then jsonb_build_array(
            jsonb_build_object(
                'secret', to_jsonb(j) -> 'secret',
                'header', to_jsonb(j) -> 'auth_header',
                'prefix', to_jsonb(j) -> 'auth_prefix'
            )
        )
    end as auth,
    description, owner
from supacron.job j
where stack = %(stack)s;
