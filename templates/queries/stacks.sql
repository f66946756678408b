-- As JSON, since a runtime that is still to be migrated has no such column.
select
    name,
    program,
    project_url,
    (extract(epoch from runs_retention) * 1000)::bigint as runs_ms,
    (extract(epoch from cron_history_retention) * 1000)::bigint as cron_history_ms,
    repair,
    destroyed_at is not null as destroyed,
    coalesce(to_jsonb(s) ->> 'on_failover', 'warn') as on_failover,
    coalesce(to_jsonb(s) -> 'limits', '{}') as limits
from supacron.stack s;
