select
    a.name, a.kind, a.webhook, a.error, i.started_at, i.observed ->> 'detail' as detail,
    p.event, p.at, p.attempts, p.delivered_at, p.given_up_at, p.try_at, p.status_code, p.error
from supacron.alert a
left join supacron.incident i on i.stack = a.stack and i.alert = a.name and i.ended_at is null
-- The one that the next are waiting for, else the last.
left join lateral (
    select q.*
    from supacron.alert_post q
    where q.stack = a.stack and q.alert = a.name and q.event <> 'test'
    order by (q.delivered_at is null and q.given_up_at is null) desc, case when q.delivered_at is null and q.given_up_at is null then q.id else -q.id end
    limit 1
) p on true
where a.stack = %(stack)s
order by i.started_at is null, a.name;
