select r.rolname::text
from pg_proc p
cross join lateral aclexplode(p.proacl) a
join pg_roles r on r.oid = a.grantee
where p.pronamespace = to_regnamespace('supacron') and p.proname = 'trigger' and a.grantee <> p.proowner
order by 1;
