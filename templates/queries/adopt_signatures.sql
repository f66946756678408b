select p.proname, p.proargnames[1:p.pronargs], p.pronargdefaults, pg_get_expr(p.proargdefaults, 0)
from pg_proc p
where p.pronamespace = to_regnamespace('net') and p.proname in ('http_post', 'http_get', 'http_delete')
