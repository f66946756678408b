-- Of each secret the value that was applied last. As JSON, since a runtime that is still to be migrated has no such columns.
select
    s.name, s.env,
    (extract(epoch from (to_jsonb(s) ->> 'rotate_after')::interval) * 1000)::bigint,
    v.recorded_at, v.expires_at
from supacron.secret s
left join lateral (
    select w.recorded_at, (to_jsonb(w) ->> 'expires_at')::timestamptz as expires_at
    from supacron.secret_version w
    where w.vault_name = s.vault_name
    order by w.recorded_at desc
    limit 1
) v on true
where s.stack = %(stack)s
order by s.name;
