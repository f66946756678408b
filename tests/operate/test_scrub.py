"""Keys out of pg_cron's history, under the grants of a hosted project and under wider ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from supacron.errors import Refused
from supacron.operate.scrub import Scrubbing, look, scrub
from supacron.operate.target import Target
from supacron.secret import Secret
from tests.support.database import Database
from tests.support.stacks import PROJECT_REF, apply_here, http_job, secret, stack
from tests.support.tokens import token

pytestmark = pytest.mark.slow

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = token("service_role")
OPAQUE = "horse-battery-staple"
COMMAND = f"select net.http_post('http://127.0.0.1:9', headers := '{{\"x\": \"Bearer {KEY}\"}}'::jsonb)"
MASKED = COMMAND.replace(KEY, "********")
HISTORY = "select runid, command, return_message, status from {} order by runid"
ARCHIVE = "supacron.scrubbed_run"


@pytest.fixture
def applied(database: Database) -> Database:
    """With a stack whose one secret is `OPAQUE`."""
    desired = stack({"call": http_job(auth="key")}, {"key": secret("supacron/main/key")})
    apply_here(database, desired, {"key": OPAQUE})
    return database


@pytest.fixture
def may_update(applied: Database) -> Iterator[Database]:
    """As where `postgres` has every right to the history."""
    with applied.superuser() as connection:
        connection.execute("grant update on cron.job_run_details to postgres")
    yield applied
    with applied.superuser() as connection:
        connection.execute("revoke update on cron.job_run_details from postgres")


def record(database: Database, runid: int, command: str, message: str = "1 row", ended: str | None = "now()") -> None:
    with database.superuser() as connection:
        connection.execute(
            "insert into cron.job_run_details (jobid, runid, command, return_message, status, start_time, end_time)"
            f" values (7, %s, %s, %s, 'succeeded', now(), {ended or 'null'})",
            [runid, command, message],
        )


def look_here(database: Database) -> Scrubbing:
    return look(Secret(database.url), Target(database.cluster.directory, "main"), PROJECT_REF, NOW)


def scrub_here(database: Database, batch: int = 2) -> tuple[Scrubbing, list[int]]:
    seen: list[int] = []
    found = look_here(database)
    scrub(Secret(database.url), Target(database.cluster.directory, "main"), found, seen.append, batch)
    return found, seen


def history(database: Database, table: str = "cron.job_run_details") -> list[tuple[Any, ...]]:
    with database.superuser() as connection:
        return connection.execute(HISTORY.format(table).encode()).fetchall()


def test_rows_are_masked_in_place_where_they_may_be(may_update: Database) -> None:
    for runid in range(1, 6):
        record(may_update, runid, COMMAND, f"ERROR: {KEY}" if runid == 5 else "1 row")
    record(may_update, 6, "vacuum")
    found, seen = scrub_here(may_update)
    assert (found.rows, found.under_way, found.may_update) == (5, 0, True)
    assert found.kinds == ("a service_role key (JWT)",)
    assert seen == [2, 4, 5, 5]
    assert history(may_update) == [
        *((runid, MASKED, "1 row", "succeeded") for runid in range(1, 5)),
        (5, MASKED, "ERROR: ********", "succeeded"),
        (6, "vacuum", "1 row", "succeeded"),
    ]
    assert look_here(may_update).rows == 0


def test_rows_move_where_the_history_is_not_ours_to_update(applied: Database) -> None:
    for runid in range(1, 4):
        record(applied, runid, COMMAND)
    record(applied, 4, "vacuum")
    found, seen = scrub_here(applied)
    assert (found.rows, found.may_update, seen) == (3, False, [2, 3, 3])
    assert history(applied) == [(4, "vacuum", "1 row", "succeeded")]
    assert history(applied, ARCHIVE) == [(runid, MASKED, "1 row", "succeeded") for runid in range(1, 4)]
    record(applied, 5, COMMAND)
    scrub_here(applied)
    assert [row[0] for row in history(applied, ARCHIVE)] == [1, 2, 3, 5]


def test_nobody_else_reads_what_was_moved(applied: Database) -> None:
    record(applied, 1, COMMAND)
    scrub_here(applied)
    with applied.superuser() as connection:
        for role in ("anon", "authenticated", "service_role"):
            row = connection.execute("select has_schema_privilege(%s, 'supacron', 'USAGE')", [role]).fetchone()
            assert row == (False,), role


def test_a_secret_without_a_form_is_known_by_the_vault(may_update: Database) -> None:
    record(may_update, 1, f"select net.http_get('http://127.0.0.1:9', headers := '{{\"x-key\": \"{OPAQUE}\"}}')")
    scrub_here(may_update)
    assert OPAQUE not in str(history(may_update))


def test_runs_under_way_are_left(may_update: Database) -> None:
    record(may_update, 1, COMMAND, ended=None)
    found, _ = scrub_here(may_update)
    assert (found.rows, found.under_way) == (0, 1)
    assert history(may_update)[0][1] == COMMAND


def test_jobs_that_still_write_keys_are_named(applied: Database) -> None:
    with applied.connect() as connection:
        connection.execute("select cron.schedule('by-hand', '0 0 1 1 *', %s)", [COMMAND])
    assert look_here(applied).leaking == ("by-hand",)


def test_nothing_to_do(applied: Database) -> None:
    record(applied, 1, "vacuum")
    found, seen = scrub_here(applied)
    assert (found.rows, found.masked, found.kinds, seen) == (0, (), (), [])


def test_another_database_is_refused(database: Database) -> None:
    with pytest.raises(Refused, match="nothing was ever applied"):
        look_here(database)


def test_what_was_found_shows_no_key(applied: Database) -> None:
    record(applied, 1, COMMAND)
    found = look_here(applied)
    assert KEY not in repr(found) + str(found.to_json())


@pytest.mark.parametrize("role", ["applied", "may_update"])
def test_the_planner_forgets_too(role: str, request: pytest.FixtureRequest) -> None:
    """Statistics hold the most common commands; a key would stand there until the next analyze."""
    database: Database = request.getfixturevalue(role)
    for runid in range(1, 6):
        record(database, runid, COMMAND)
        record(database, 100 + runid, "vacuum")

    def statistics() -> str:
        with database.superuser() as connection:
            return str(connection.execute("select s::text from pg_stats s where schemaname = 'cron'").fetchall())

    with database.superuser() as connection:
        connection.execute("analyze cron.job_run_details")
    assert KEY in statistics()
    scrub_here(database)
    assert KEY not in statistics()
    assert "vacuum" in statistics()
