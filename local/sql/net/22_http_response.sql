-- Unlogged, as in the original. `created` is the start of the worker's transaction, so of the whole batch.
create unlogged table net._http_response (
  id bigint,
  status_code integer,
  content_type text,
  headers jsonb,
  content text,
  timed_out boolean,
  error_msg text,
  created timestamptz not null default now()
);
create index _http_response_created_idx on net._http_response (created);
grant all on table net._http_response to public;
