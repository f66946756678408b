select '', '', null::bigint, r.id, r.id, 1, concat_ws(e'\n', r.headers::text, r.content, r.error_msg)
from net._http_response r
order by r.id
