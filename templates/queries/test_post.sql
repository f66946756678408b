select
    p.delivered_at is not null as delivered, p.given_up_at is not null as given_up, p.status_code, p.error,
    -- A receiver may echo what it was sent.
    left(supacron.redact(r.content), 200) as said
from supacron.alert_post p
left join net._http_response r on r.id = p.request_id and r.created >= p.sent_at - interval '5 seconds'
where p.id = %(post)s;
