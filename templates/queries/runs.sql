select
    r.id, j.name, r.trigger, r.requested_by,
    r.queued_at, r.sent_at, r.seen_at,
    r.outcome, r.status_code, r.error,
    -- An earlier runtime has one secret, in a column.
    array(
        select distinct s.name #>> '{}'
        from jsonb_path_query(
            jsonb_build_array(to_jsonb(j), to_jsonb(j) -> 'auth'), '$[*].secret ? (@ != null)'
        ) s (name)
    ) as secrets,
    j.url,
    -- An earlier runtime has no attempts.
    coalesce((to_jsonb(r) ->> 'attempt')::integer, 1) as attempt,
    (to_jsonb(r) ->> 'leave_at')::timestamptz as leave_at,
    (to_jsonb(r) ->> 'scheduled_for')::timestamptz as scheduled_for
from supacron.run r
join supacron.job j on j.id = r.job_id
where j.stack = %(stack)s
    and (%(job)s::text is null or j.name = %(job)s)
    and (not %(failed)s or r.outcome not in ('ok', 'skipped'))
order by r.id desc
limit %(limit)s;
