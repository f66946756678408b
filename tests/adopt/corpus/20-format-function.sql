--: call
select net.http_post(
  url := format('%s/functions/v1/%s', '@URL@', '@JOB@'),
  headers := format('{"Authorization": "Bearer %s"}', '@ANON@')::jsonb,
  body := format('{"done": "%s%%"}', 50)::jsonb
)
