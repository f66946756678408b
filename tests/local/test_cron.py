"""The real pg_cron, as a project's owner meets it."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from tests.support.database import Database
from tests.support.pg_cron import A_MINUTE, pg_cron_has_heard
from tests.support.receiver import Receiver
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow


def test_extension(database: Database) -> None:
    with database.connect() as connection:
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("drop extension pg_cron")
        connection.execute("create database elsewhere")
        try:
            with (
                psycopg.connect(database.url, dbname="elsewhere") as other,
                pytest.raises(errors.InsufficientPrivilege, match="permission denied to create extension"),
            ):
                other.execute("create extension pg_cron")
        finally:
            connection.execute("drop database elsewhere")


def test_job_table_is_read_only(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("select cron.schedule('nightly', '0 3 * * *', 'select 1')")
        assert connection.execute("select jobname, nodename, username from cron.job").fetchall() == [
            ("nightly", "localhost", "postgres")
        ]
        for statement in (
            "update cron.job set active = false",
            "delete from cron.job",
            "insert into cron.job (schedule, command) values ('0 3 * * *', 'select 1')",
            "truncate cron.job",
        ):
            with pytest.raises(errors.InsufficientPrivilege, match="permission denied for table job"):
                connection.execute(statement.encode())


def test_history_can_be_deleted(database: Database) -> None:
    with database.superuser() as connection:
        connection.execute("insert into cron.job_run_details (jobid, runid, status) values (1, 1, 'succeeded')")
    with database.connect() as connection:
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("update cron.job_run_details set status = 'failed'")
        assert connection.execute("select status from cron.job_run_details").fetchall() == [("succeeded",)]
        assert connection.execute("delete from cron.job_run_details").rowcount == 1


def test_schedule_alter_unschedule(database: Database) -> None:
    with database.connect() as connection:
        row = connection.execute("select cron.schedule('nightly', '0 3 * * *', 'select 1')").fetchone()
        assert row is not None
        connection.execute("select cron.alter_job(%s, schedule => '0 4 * * *', active => false)", row)
        assert connection.execute("select jobid, schedule, active from cron.job").fetchall() == [
            (row[0], "0 4 * * *", False)
        ]
        assert connection.execute("select cron.unschedule('nightly')").fetchone() == (True,)
        assert connection.execute("select from cron.job").fetchall() == []
        with pytest.raises(errors.InternalError):
            connection.execute("select cron.unschedule('nightly')")


def test_another_user_needs_a_superuser(database: Database) -> None:
    query = "select cron.schedule_in_database('other', '0 3 * * *', 'select 1', 'postgres', username => %s)"
    with database.connect() as connection, pytest.raises(errors.Error, match="must be superuser"):
        connection.execute(query, ["anon"])
    with database.superuser() as connection:
        connection.execute(query, ["postgres"])
        assert connection.execute("select username from cron.job").fetchall() == [("postgres",)]


@pytest.mark.pg_cron
def test_a_job_runs_by_itself(database: Database, receiver: Receiver) -> None:
    command = f"select net.http_post('{receiver.url}/tick', jsonb_build_object('who', current_user))"
    with database.connect() as connection:
        connection.execute("select cron.schedule('every minute', '* * * * *', %s)", [command])
        pg_cron_has_heard(database)
        request = receiver.wait_for(1, timeout=A_MINUTE)[0]
        assert (request.method, request.path, request.body) == ("POST", "/tick", b'{"who": "postgres"}')
        ended = "select username, status, return_message, command from cron.job_run_details where end_time is not null"
        eventually(lambda: connection.execute(ended).fetchone() is not None, "its end is recorded")
        assert connection.execute(ended).fetchone() == ("postgres", "succeeded", "1 row", command)
