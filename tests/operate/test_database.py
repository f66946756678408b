from __future__ import annotations

import psycopg
import pytest

from supacron.errors import Refused, SupacronError, Unreachable
from supacron.operate.database import require_stack, rows, session
from supacron.secret import Secret
from tests.support.database import Database
from tests.support.deployed import url_of

pytestmark = pytest.mark.slow


def check(database: Database, stack: str, ref: str | None, url: Secret | None = None) -> None:
    with session(url_of(database), "supacron test", read_only=True) as connection:
        require_stack(connection, url or url_of(database), stack, ref)


def test_a_reading_session_cannot_write(database: Database) -> None:
    with (
        pytest.raises(SupacronError, match="read-only transaction"),
        session(url_of(database), "supacron test", read_only=True) as connection,
    ):
        connection.execute("create table t ()")


def test_what_the_server_says_is_masked(database: Database) -> None:
    password = url_of(database).reveal().split(":")[2].split("@")[0]
    with (
        pytest.raises(SupacronError) as error,
        session(url_of(database), "supacron test") as connection,
    ):
        connection.execute(
            f"do $$ begin raise exception 'pw %', '{url_of(database).reveal()}' using hint='mend it'; end $$"
        )
    assert f":{password}@" not in str(error.value)
    assert error.value.remedy == "mend it"


def test_a_missing_privilege_names_the_role_to_use(database: Database) -> None:
    with (
        pytest.raises(SupacronError, match="permission denied") as error,
        session(url_of(database), "supacron test") as connection,
    ):
        connection.execute("update cron.job set active = false")
    assert "`postgres`" in error.value.remedy


def test_a_busy_database_is_told_apart(database: Database) -> None:
    with (
        pytest.raises(SupacronError) as error,
        session(url_of(database), "supacron test") as connection,
    ):
        connection.execute("set local statement_timeout = 1; select pg_sleep(5)")
    assert "busy" in error.value.remedy


def test_any_other_error_has_its_sqlstate(database: Database) -> None:
    with (
        pytest.raises(SupacronError) as error,
        session(url_of(database), "supacron test") as connection,
    ):
        connection.execute("select 1/0")
    assert "22012" in error.value.remedy


def test_a_database_without_a_runtime_is_to_be_set_up(database: Database) -> None:
    with (
        pytest.raises(SupacronError, match=r'"supacron\.run" does not exist') as error,
        session(url_of(database), "supacron test") as connection,
    ):
        rows(connection, "queries/run.sql", run=1)
    assert "Run `pulumi up`" in error.value.remedy


def test_text_that_postgres_cannot_hold_is_an_error(database: Database) -> None:
    with (
        pytest.raises(SupacronError, match="NUL"),
        session(url_of(database), "supacron test") as connection,
    ):
        rows(connection, "queries/job_names.sql", stack="a\0b")


def test_a_session_that_is_ended_is_unreachable(database: Database) -> None:
    def ended() -> None:
        with session(url_of(database), "supacron test") as connection, database.superuser() as other:
            other.execute("select pg_terminate_backend(%s, 5000)", [connection.info.backend_pid])
            connection.execute("select 1")

    with pytest.raises(Unreachable):
        ended()


def test_a_database_without_supacron_is_refused(database: Database) -> None:
    with pytest.raises(Refused, match="nothing was ever applied"):
        check(database, "dev", None)


@pytest.mark.usefixtures("project")
def test_the_stack_that_is_here_is_accepted(database: Database) -> None:
    check(database, "dev", "local")
    check(database, "dev", None)


@pytest.mark.usefixtures("project")
def test_another_stack_is_refused_and_those_here_are_named(database: Database) -> None:
    with pytest.raises(Refused, match=r"prod is not applied .* \(it has: dev\)"):
        check(database, "prod", "local")


@pytest.mark.usefixtures("project")
def test_a_destroyed_stack_is_not_here(database: Database) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("update supacron.stack set destroyed_at = now()")
    with pytest.raises(Refused, match="it has none"):
        check(database, "dev", None)


@pytest.mark.usefixtures("project")
def test_the_database_of_another_project_is_refused(database: Database) -> None:
    with pytest.raises(Refused, match="belongs to project local"):
        check(database, "dev", "prod-project")


def test_a_url_of_another_project_is_refused(database: Database) -> None:
    url = Secret("postgresql://postgres:x@db.theotherproject.supabase.co:5432/postgres")
    with pytest.raises(Refused, match="project theotherproject"):
        check(database, "dev", "local", url)
