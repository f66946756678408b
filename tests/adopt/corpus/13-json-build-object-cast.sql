--: call
select net.http_post(
  url := '@URL@/functions/v1/@JOB@',
  headers := json_build_object('Authorization', 'Bearer @ANON@', 'Content-Type', 'application/json')::jsonb,
  body := json_build_object('account_id', 'acc-7', 'nested', json_build_object('id', 42))::jsonb
);
