"""The roles, grants and settings of a Supabase project."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from tests.support.database import Database

pytestmark = pytest.mark.slow

API_ROLES = ("anon", "authenticated", "service_role")


def test_postgres_is_no_superuser(database: Database) -> None:
    with database.connect() as connection:
        row = connection.execute(
            "select current_user, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
            " from pg_roles where rolname = current_user"
        ).fetchone()
    assert row == ("postgres", False, True, True, True, True)


def test_extensions_belong_to_supabase_admin(database: Database) -> None:
    with database.connect() as connection:
        rows = connection.execute(
            "select extname, extversion, extnamespace::regnamespace::text from pg_extension"
            " where extowner = 'supabase_admin'::regrole and extname <> 'plpgsql' order by extname"
        ).fetchall()
        superuser = connection.execute("select rolsuper from pg_roles where rolname = 'supabase_admin'").fetchone()
    found = {name: (version, schema) for name, version, schema in rows}
    assert found.keys() == {"pg_cron", "pg_net", "pg_stat_statements", "pgcrypto", "supabase_vault", "uuid-ossp"}
    assert found["pg_net"] == ("0.20.4", "net")
    assert found["supabase_vault"] == ("0.3.1", "vault")
    assert found["pg_cron"][1] == "pg_catalog"
    assert found["pgcrypto"][1] == "extensions"
    assert superuser == (True,)


def test_api_roles(database: Database) -> None:
    with database.connect() as connection:
        rows = connection.execute(
            "select rolname, rolcanlogin, rolbypassrls from pg_roles where rolname = any(%s) order by rolname",
            [list(API_ROLES)],
        ).fetchall()
    assert rows == [("anon", False, False), ("authenticated", False, False), ("service_role", False, True)]


def test_authenticator_switches_roles(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("create table public.notes (id int)")
    url = database.url.replace("//postgres:", "//authenticator:")
    with psycopg.connect(url, autocommit=True) as connection:
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("select from public.notes")
        for role in API_ROLES:
            connection.execute(f"set role {role}".encode())
            connection.execute("select from public.notes")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("set role postgres")


@pytest.mark.parametrize("creator", ["postgres", "supabase_admin"])
def test_default_privileges_in_public(database: Database, creator: str) -> None:
    maker = database.connect() if creator == "postgres" else database.superuser()
    with maker:
        maker.execute("create table public.notes (id int)")
        maker.execute("create sequence public.numbers")
        maker.execute("create function public.answer() returns int language sql as 'select 42'")
        maker.execute("revoke execute on function public.answer() from public")
    with database.connect() as connection:
        for role in API_ROLES:
            row = connection.execute(
                "select has_table_privilege(%(role)s, 'public.notes', 'insert'),"
                " has_sequence_privilege(%(role)s, 'public.numbers', 'usage'),"
                " has_function_privilege(%(role)s, 'public.answer()', 'execute')",
                {"role": role},
            ).fetchone()
            assert row == (True, True, True), role


def test_no_default_privileges_elsewhere(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("create schema closed")
        connection.execute("create table closed.notes (id int)")
        for role in API_ROLES:
            row = connection.execute(
                "select has_schema_privilege(%(role)s, 'closed', 'usage'),"
                " has_table_privilege(%(role)s, 'closed.notes', 'select')",
                {"role": role},
            ).fetchone()
            assert row == (False, False), role


def test_postgres_owns_the_database(database: Database) -> None:
    with database.connect() as connection:
        row = connection.execute(
            "select d.datdba::regrole::text, n.nspowner::regrole::text from pg_database d, pg_namespace n"
            " where d.datname = current_database() and n.nspname = 'public'"
        ).fetchone()
        assert row == ("postgres", "pg_database_owner")
        connection.execute("create table public.mine (id int)")


def test_reading_pg_stat_activity(database: Database) -> None:
    query = "select count(*) from pg_stat_activity where query ilike '%%canary%%' and pid = %s"
    with database.superuser() as other, database.connect() as connection:
        other.execute("select 'canary'")
        pid = [other.info.backend_pid]
        assert connection.execute(query, pid).fetchone() == (1,)
        connection.execute("set role anon")
        assert connection.execute(query, pid).fetchone() == (0,)


def test_identity_of_the_cluster(database: Database) -> None:
    with database.connect() as connection:
        row = connection.execute(
            "select system_identifier, timeline_id from pg_control_system(), pg_control_checkpoint()"
        ).fetchone()
    assert row is not None
    assert row[0] != 0
    assert row[1] == 1


def test_database_settings_are_refused(database: Database) -> None:
    with database.connect() as connection:
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("alter database postgres set app.token = 'x'")
        with pytest.raises(errors.CantChangeRuntimeParam):
            connection.execute("alter database postgres set cron.log_statement = off")


def test_times_are_utc(database: Database) -> None:
    with database.connect() as connection:
        assert connection.execute("show timezone").fetchone() == ("UTC",)


def test_wrong_password_is_refused(database: Database) -> None:
    for role in ("postgres", "supabase_admin", "authenticator"):
        url = f"postgresql://{role}:wrong@127.0.0.1:{database.cluster.port}/postgres"
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url)
