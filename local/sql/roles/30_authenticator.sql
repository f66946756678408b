-- The API gateway's login: it has no rights of its own and switches to one of the three API roles.
create role authenticator with login noinherit password 'postgres';
grant anon, authenticated, service_role to authenticator;
alter role authenticator set statement_timeout to '8s';
alter role authenticator set lock_timeout to '8s';
