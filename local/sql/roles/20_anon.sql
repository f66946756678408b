-- What a request without a signed-in user runs as.
create role anon nologin;
alter role anon set statement_timeout to '3s';
