-- What a request of a signed-in user runs as.
create role authenticated nologin;
alter role authenticated set statement_timeout to '8s';
