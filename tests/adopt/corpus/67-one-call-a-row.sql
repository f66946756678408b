--: sql: tables or conditions
select net.http_post(
  url := '@URL@/functions/v1/@JOB@',
  headers := jsonb_build_object('Authorization', 'Bearer @SERVICE@'),
  body := jsonb_build_object('id', d.id)
)
from (values (1), (2)) d (id);
