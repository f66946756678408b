select
    r.id,
    r.definitions_digest,
    r.overrides,
    exists (select from supacron.release p where p.stack = %(stack)s and p.promotion is not null) as promoted,
    (
        select coalesce(array_agg(distinct d.definitions_digest) filter (where d.definitions_digest is not null), '{}')
        from supacron.release d
        where d.stack = %(stack)s
    ) as digests
from supacron.release r
where r.stack = %(stack)s
order by r.id desc
limit 1;
