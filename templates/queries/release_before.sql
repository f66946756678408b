-- The newest one with other definitions or overrides than the last.
select r.id
from supacron.release r
where r.stack = %(stack)s and r.definitions_digest is not null
    and exists (
        select
        from (select l.* from supacron.release l where l.stack = %(stack)s order by l.id desc limit 1) l
        where (l.definitions_digest, l.overrides) is distinct from (r.definitions_digest, r.overrides)
    )
order by r.id desc
limit 1;
