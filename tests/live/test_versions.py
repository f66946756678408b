"""A runtime of another supacron, which lacks something that this one counts on: said in words, with the remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from supacron import __version__
from supacron.errors import SupacronError
from supacron.operate.planning import drift_now
from supacron.operate.stop import stop
from supacron.operate.target import Target
from supacron.plan.migrations import migrations
from supacron.program.look import look
from supacron.secret import Secret
from tests.support.database import Database
from tests.support.stacks import Notes, apply_here, sql_job, stack

pytestmark = pytest.mark.slow

WANTED = stack({"one": sql_job()})
TARGET = Target(Path("stacks"), WANTED.stack)
LATEST = migrations()[-1].number


def said(database: Database) -> list[tuple[str, str]]:
    """What each way to the database says: one that reads, one that writes, an apply, and a preview."""
    url = Secret(database.url)
    ways: list[Callable[[], object]] = [
        lambda: drift_now(url, TARGET, project_ref=None),
        lambda: stop(url, TARGET, "Ada", "why", project_ref=None, progress=Notes()),
        lambda: apply_here(database, WANTED),
    ]
    found = []
    for way in ways:
        with pytest.raises(SupacronError) as error:
            way()
        found.append((error.value.message, error.value.remedy))
    seen = look(url, WANTED, {})
    return [*found, (seen.trouble, seen.remedy)]


@pytest.mark.parametrize(
    ("migrated", "tool", "message", "remedy"),
    [
        (
            "insert into supacron.migration (number, name) values (9999, 'later')",
            "99.0.0",
            f"this database was set up by a newer supacron (99.0.0) than this one ({__version__})",
            "Install supacron 99.0.0 or later.",
        ),
        (
            f"delete from supacron.migration where number = {LATEST}",
            "0.0.1",
            f"this database was set up by an older supacron (0.0.1) than this one ({__version__})",
            "Run `pulumi up` with this one, which brings it up to date.",
        ),
        (
            "select 1",
            __version__,
            "something that supacron counts on is gone from this database",
            "Take it from a backup. If it is supacron's",
        ),
    ],
)
def test_it_is_said_whose_it_is(database: Database, migrated: str, tool: str, message: str, remedy: str) -> None:
    apply_here(database, WANTED)
    with database.superuser() as connection:
        connection.execute(migrated.encode())
        connection.execute("alter table supacron.pause rename to suspension")
        connection.execute("alter table supacron.stack rename column stopped_by to halted_by")
        connection.execute("update supacron.runtime set tool_version = %s", [tool])
    for (text, how), what in zip(said(database), ("pause", "stopped_by", "pause", "pause"), strict=True):
        assert text.startswith(message)
        assert what in text
        assert how.startswith(remedy)
