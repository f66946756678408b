--: call
select net.http_post(
  url => '@URL@/functions/v1/@JOB@',
  headers => jsonb_build_object('Content-Type', 'application/json', 'Authorization', 'Bearer @ANON@', 'apikey', '@ANON@'),
  body => '{}'::jsonb
);
