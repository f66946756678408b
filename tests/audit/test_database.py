from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from supacron.audit.database import SOURCES, audit_database
from supacron.audit.findings import Audit, DatabasePlace, Fingerprints
from supacron.operate.database import session
from supacron.secret import Secret
from tests.support.database import Database
from tests.support.stacks import apply_here, stack
from tests.support.tokens import BEARER, SECRET_KEY, token

pytestmark = pytest.mark.slow

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = token("service_role")
COMMAND = f"select net.http_post(\n url := 'http://127.0.0.1:9/',\n headers := '{{\"x\": \"{BEARER}{KEY}\"}}'::jsonb)"


def audit(database: Database, user: str | None = None) -> Audit:
    url = database.url if user is None else database.url.replace("postgres:", f"{user}:", 1)
    with session(Secret(url), "test", read_only=True) as connection:
        return audit_database(connection, Fingerprints(), NOW)


def places(database: Database) -> list[str]:
    return [str(each.place) for each in audit(database).found]


def execute(database: Database, sql: str, *parameters: object) -> None:
    with database.superuser() as connection:
        connection.execute(sql.encode(), list(parameters) or None)


def test_an_empty_database_and_our_own_runtime_hold_nothing(database: Database) -> None:
    assert audit(database).found == ()
    apply_here(database, stack({}))
    report = audit(database)
    assert report.found == ()
    assert report.looked_at == tuple(source.name for source in SOURCES)


def test_a_job_and_its_history(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("select cron.schedule('nightly', '0 0 1 1 *', %s)", [COMMAND])
        row = connection.execute("select jobid from cron.job").fetchone()
        assert row is not None
    for runid in (11, 12, 15):
        execute(
            database,
            "insert into cron.job_run_details (jobid, runid, command, return_message) values (%s, %s, %s, %s)",
            row[0], runid, COMMAND, f"ERROR: near {KEY}" if runid == 15 else "1 row",
        )  # fmt: skip
    assert places(database) == [
        f"cron.job: nightly, jobid {row[0]}, line 3",
        f"cron.job_run_details.command: nightly, jobid {row[0]}, runs 11 to 15 (3 rows)",
        f"cron.job_run_details.return_message: nightly, jobid {row[0]}, runs 15 (1 row)",
    ]
    assert {each.credential.kind for each in audit(database).found} == {"service-role-jwt"}
    assert len({each.fingerprint for each in audit(database).found}) == 1


def test_the_history_of_a_job_that_is_gone(database: Database) -> None:
    for runid, command in ((1, COMMAND), (2, f"{COMMAND} -- changed")):
        execute(
            database, "insert into cron.job_run_details (jobid, runid, command) values (99, %s, %s)", runid, command
        )
    assert places(database) == [
        "cron.job_run_details.command: (unscheduled since), jobid 99, runs 1 to 2 (2 rows)",
    ]


def test_functions_triggers_views_and_settings(database: Database) -> None:
    body = f"begin\n perform '{KEY}';\n return new;\nend"
    execute(database, f"create function public.notify() returns trigger language plpgsql as $$\n{body} $$")
    execute(database, "create table public.orders (id int)")
    call = f"public.notify('{SECRET_KEY}')"
    execute(database, f"create trigger told after insert on public.orders execute function {call}")
    execute(database, f"create view public.key as select '{SECRET_KEY}'::text as key")
    execute(database, f"alter database postgres set app.service_key = '{KEY}'")
    try:
        found = places(database)
    finally:
        execute(database, "alter database postgres reset app.service_key")
    assert found == [
        "function: public.notify(), line 6",
        "setting: app.service_key of database postgres, line 1",
        "trigger: told on public.orders, line 1",
        "view: public.key, line 1",
    ]


def test_what_pg_net_holds(database: Database) -> None:
    for _ in range(3):
        execute(
            database,
            "insert into net._http_response (id, headers, content) values (%s, '{}', %s)",
            _ + 5, f'{{"authorization": "{BEARER}{KEY}"}}',
        )  # fmt: skip
    (found,) = audit(database).found
    assert found.place == DatabasePlace("net._http_response", "", 2, None, 5, 7, 3)
    assert "Every role that can log in" in found.remedy


def test_a_queued_request(database: Database) -> None:
    database.worker.stop()
    execute(
        database,
        "insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)"
        " values ('POST', 'http://127.0.0.1:9/', %s, %s, 1)",
        f'{{"apikey": "{SECRET_KEY}"}}', b"\xff",
    )  # fmt: skip
    (found,) = audit(database).found
    assert isinstance(found.place, DatabasePlace)
    assert (found.place.source, found.credential.kind) == ("net.http_request_queue", "secret-key")


def test_a_role_that_may_not_read_everything_is_told_what_was_left_out(database: Database) -> None:
    execute(database, "create role looker login password 'postgres'")
    report = audit(database, "looker")
    assert report.not_looked_at == (
        ("cron.job", "permission denied for schema cron"),
        ("cron.job_run_details", "permission denied for schema cron"),
        ("the jobs of other roles", "row level security hides them from looker: use `postgres`"),
    )
    assert "function" in report.looked_at


def test_a_database_without_pg_cron(database: Database) -> None:
    execute(database, "create database plain")
    try:
        url = database.url.rsplit("/", 1)[0] + "/plain"
        with session(Secret(url), "test", read_only=True) as connection:
            report = audit_database(connection, Fingerprints(), NOW)
    finally:
        execute(database, "drop database plain")
    assert ("cron.job", "it is not there") in report.not_looked_at
    assert "trigger" in report.looked_at


def test_nothing_is_written(database: Database) -> None:
    with session(Secret(database.url), "test", read_only=True) as connection:
        audit_database(connection, Fingerprints(), NOW)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("create table public.x ()")
        connection.rollback()
