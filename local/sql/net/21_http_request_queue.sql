-- Unlogged, as in the original: empty after a crash.
create unlogged table net.http_request_queue (
  id bigserial,
  method net.http_method not null,
  url text not null,
  headers jsonb,
  body bytea,
  timeout_milliseconds int not null
);
grant all on table net.http_request_queue to public;
grant all on sequence net.http_request_queue_id_seq to public;
