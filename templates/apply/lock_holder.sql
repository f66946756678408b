select a.application_name, a.pid, date_trunc('second', now() - a.xact_start)::text
from pg_locks l
join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted
    and l.classid = (7318349394476822::bigint >> 32)::oid
    and l.objid = (7318349394476822::bigint & 4294967295)::oid
    and l.database = (select d.oid from pg_database d where d.datname = current_database());
