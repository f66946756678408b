--: call
select net.http_post(
  url := '@URL@/functions/v1/@JOB@',
  body := E'{"text": "two\\nlines", "quote": "\\""}'::jsonb
)
