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
    j.url
from supacron.run r
join supacron.job j on j.id = r.job_id
where j.stack = %(stack)s
    and (%(job)s::text is null or j.name = %(job)s)
    and (not %(failed)s or r.outcome <> 'ok')
order by r.id desc
limit %(limit)s;
