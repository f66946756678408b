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
    coalesce(to_jsonb(s) -> 'limits', '{}') as limits,
    case
        when to_jsonb(s) ->> 'stopped_at' is null then ''
        else 'stopped by ' || (to_jsonb(s) ->> 'stopped_by')
            || ' since ' || to_char((to_jsonb(s) ->> 'stopped_at')::timestamptz at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
            || ' UTC: ' || (to_jsonb(s) ->> 'stopped_reason')
    end as stopped
from supacron.stack s;
