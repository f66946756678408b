-- What a request with the service key runs as: row level security does not apply to it.
create role service_role nologin bypassrls;
