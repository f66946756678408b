select a.state_change, a.query_start, a.xact_start is null
from pg_stat_activity a
where a.backend_type = 'pg_cron launcher' and a.state_change is not null;
