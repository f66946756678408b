--: call
select net.http_post(
  url := $u$@URL@/functions/v1/@JOB@$u$,
  headers := $h${"Authorization": "Bearer @ANON@"}$h$::jsonb,
  body := $b${"note": "it's five o'clock"}$b$::jsonb
)
