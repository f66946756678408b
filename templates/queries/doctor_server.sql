select
    now(),
    pg_postmaster_start_time(),
    current_setting('server_version'),
    -- A role without pg_read_all_stats sees the name of a session only, not its backend_type.
    count(*) filter (where a.backend_type = 'pg_cron launcher' or a.application_name = 'pg_cron scheduler') > 0,
    count(*) filter (where a.backend_type like 'pg\_net%' or a.application_name like 'pg\_net%') > 0
from pg_stat_activity a;
