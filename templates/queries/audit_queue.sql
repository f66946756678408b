select '', '', null::bigint, q.id, q.id, 1, concat_ws(e'\n', q.url, q.headers::text, encode(q.body, 'escape'))
from net.http_request_queue q
order by q.id
