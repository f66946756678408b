"""The server's configuration files: what they set and why."""

from __future__ import annotations

POSTGRESQL_CONF = """\
# Written when the cluster was made; a change here is kept.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''          # everything comes by TCP with a password, as on Supabase
password_encryption = scram-sha-256
max_connections = 100
shared_buffers = 64MB
shared_preload_libraries = 'pg_cron, pg_stat_statements'
cron.database_name = 'postgres'
# pg_cron connects by libpq to localhost, as on Supabase; its password comes from PGPASSFILE. Background workers would
# need none, but allow only a handful of jobs at a time and hide what a connection limit does.
cron.use_background_workers = off
cron.host = 'localhost'
pg_stat_statements.track = 'all'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
datestyle = 'iso, mdy'
log_line_prefix = '%m [%p] %q%u@%d %a '
"""

PG_HBA_CONF = """\
# Passwords everywhere: whoever uses this machine is not thereby allowed in.
host all         all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
"""


def passfile(port: int, superuser_password: str, password: str) -> str:
    """The password file of the server's own process, which pg_cron's connections use.

    A job of a role with another password cannot connect and fails, as its history then says.
    """
    return f"localhost:{port}:*:supabase_admin:{superuser_password}\nlocalhost:{port}:*:*:{password}\n"
