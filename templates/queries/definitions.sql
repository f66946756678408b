select definitions
from supacron.release
where stack = %(stack)s and definitions_digest = %(digest)s and definitions is not null
order by id desc
limit 1;
