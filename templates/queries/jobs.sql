select
    j.name, j.jobid, j.removed_at is not null as removed,
    -- As JSON, since a runtime that is still to be migrated has no such column.
    r.row ->> 'closed' as closed,
    r.row || case
        -- An earlier runtime has one credential, in columns of its own.
        when not r.row ? 'auth' and r.row ->> 'secret' is not null then jsonb_build_object(
            'auth',
            jsonb_build_array(
                jsonb_build_object(
                    'secret', r.row -> 'secret', 'header', r.row -> 'auth_header', 'prefix', r.row -> 'auth_prefix'
                )
            )
        )
        else '{}'
    end
from supacron.job j
cross join lateral (select to_jsonb(j) - 'applied' as row) r
where j.stack = %(stack)s;
