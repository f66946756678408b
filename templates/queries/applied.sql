-- Of the rows that keep their definitions themselves only those that are gone.
select r.kind, r.name, r.definition
from supacron.stack s
cross join lateral (
    select 'stack' as kind, s.name, s.applied -> 'stack' as definition
    union all
    select 'secret', x.key, x.value from jsonb_each(s.applied -> 'secrets') x
    union all
    select 'alert', x.name, null
    from jsonb_array_elements_text(s.applied -> 'alerts') x (name)
    where not exists (select from supacron.alert a where a.stack = s.name and a.name = x.name)
    union all
    select 'ping', x.name, null
    from jsonb_array_elements_text(s.applied -> 'pings') x (name)
    where not exists (select from supacron.ping p where p.stack = s.name)
    union all
    select 'job', x.name, null
    from jsonb_array_elements_text(s.applied -> 'jobs') x (name)
    where not exists (
        select from supacron.job j where j.stack = s.name and j.name = x.name and j.removed_at is null
    )
) r
where s.name = %(stack)s and s.applied is not null;
