select
    r.id, r.outcome, r.status_code, r.error, r.queued_at, r.sent_at, r.seen_at,
    -- An earlier runtime has no attempts.
    coalesce((to_jsonb(r) ->> 'attempt')::integer, 1) as attempt,
    extract(epoch from (to_jsonb(r) ->> 'leave_at')::timestamptz - clock_timestamp())::float8 as leaves_in
from supacron.run r
where r.id = %(run)s;
