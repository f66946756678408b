-- As JSON, since a runtime that is still to be migrated has no such column.
select
    s.name,
    s.program,
    s.project_url,
    (extract(epoch from s.runs_retention) * 1000)::bigint as runs_ms,
    (extract(epoch from s.cron_history_retention) * 1000)::bigint as cron_history_ms,
    s.repair,
    s.destroyed_at is not null as destroyed,
    coalesce(r.row ->> 'on_failover', 'warn') as on_failover,
    coalesce(r.row -> 'limits', '{}') as limits,
    case
        when r.row ->> 'stopped_at' is null then ''
        else 'stopped by ' || (r.row ->> 'stopped_by')
            || ' since ' || to_char((r.row ->> 'stopped_at')::timestamptz at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
            || ' UTC: ' || (r.row ->> 'stopped_reason')
    end as stopped
from supacron.stack s
-- offset: made once, and not for each mention. It names every job of the stack.
cross join lateral (select to_jsonb(s) as row offset 0) r;
