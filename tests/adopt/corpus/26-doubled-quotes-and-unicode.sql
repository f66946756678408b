--: call
select net.http_post(
  url := '@URL@/functions/v1/@JOB@',
  body := '{"text": "l''été à Zürich", "snow": "☃", "umlaut": "\u00fc", "back": "\\"}'::jsonb
)
