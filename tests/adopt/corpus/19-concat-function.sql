--: call
select net.http_post(
  url := concat('@URL@', '/functions/v1/', '@JOB@'),
  headers := jsonb_build_object('Authorization', concat('Bearer ', '@ANON@')),
  body := concat('{"name": "', 'weekly', '"}')::jsonb
)
