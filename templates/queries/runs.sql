select
    r.id, j.name, r.trigger, r.requested_by,
    r.queued_at, r.sent_at, r.seen_at,
    r.outcome, r.status_code, r.error,
    j.secret, j.url
from supacron.run r
join supacron.job j on j.id = r.job_id
where j.stack = %(stack)s
    and (%(job)s::text is null or j.name = %(job)s)
    and (not %(failed)s or r.outcome <> 'ok')
order by r.id desc
limit %(limit)s;
