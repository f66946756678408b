"""`supacron scrub` as a user calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from supacron.errors import ExitCode
from tests.support.command import Ended, supacron
from tests.support.database import Database
from tests.support.stacks import PROJECT_REF, apply_here, stack
from tests.support.tokens import token

pytestmark = pytest.mark.slow

KEY = token("service_role")


@pytest.fixture
def leaked(database: Database) -> Database:
    """A stack, a history with a key in it, and a job that still writes it."""
    apply_here(database, stack({}))
    with database.superuser() as connection:
        connection.execute(
            "insert into cron.job_run_details (jobid, runid, command, start_time, end_time)"
            " select 7, n, %s, now(), case when n < 21 then now() end from generate_series(1, 21) n",
            [f"select '{KEY}'"],
        )
    with database.connect() as connection:
        connection.execute("select cron.schedule('by-hand', '0 0 1 1 *', %s)", [f"select '{KEY}'"])
    return database


def scrub(database: Database, folder: Path, *arguments: str, stdin: str = "") -> Ended:
    (folder / "stacks").mkdir(exist_ok=True)
    (folder / "Pulumi.yaml").write_text("name: test\nruntime: python\nstackConfigDir: stacks\n")
    (folder / "stacks" / "Pulumi.main.yaml").write_text(f"config:\n  supacron:projectRef: {PROJECT_REF}\n")
    environment = {"SUPACRON_DATABASE_URL": database.url}
    done = supacron("scrub", "--stack", "main", *arguments, cwd=folder, env=environment, stdin=stdin)
    assert KEY not in done.out + done.err
    return done


def rows_left(database: Database) -> int:
    with database.superuser() as connection:
        row = connection.execute("select count(*) from cron.job_run_details where command like '%%eyJ%%'").fetchone()
    assert row is not None
    return int(row[0])


def test_a_dry_run_changes_nothing(leaked: Database, tmp_path: Path) -> None:
    done = scrub(leaked, tmp_path, "--dry-run")
    assert done.code == ExitCode.OK
    assert "20 rows of cron.job_run_details hold keys: a service_role key (JWT)" in done.out
    assert "they move, masked, to supacron.scrubbed_run" in done.out
    assert "1 more are of runs under way" in done.out
    assert "still writing keys by-hand" in done.out
    assert "0 rows masked" in done.out
    assert rows_left(leaked) == 21


def test_it_asks_first(leaked: Database, tmp_path: Path) -> None:
    done = scrub(leaked, tmp_path, stdin="n\n")
    assert done.code == ExitCode.INTERRUPTED
    assert rows_left(leaked) == 21
    done = scrub(leaked, tmp_path)
    assert done.code == ExitCode.REFUSED
    assert done.err.endswith("error: nothing was masked: nobody is there to ask.\n    Pass --yes.\n")
    done = scrub(leaked, tmp_path, stdin="y\n")
    assert done.code == ExitCode.OK
    assert "20 rows masked" in done.out
    assert "the server's log" in done.out
    assert "supacron rotate NAME --stack main" in done.out
    assert "20 of 20 rows" in done.err
    assert rows_left(leaked) == 1


def test_json(leaked: Database, tmp_path: Path) -> None:
    done = scrub(leaked, tmp_path, "--yes", "--json")
    assert done.data == {
        "stack": "main",
        "rows": 20,
        "under_way": 1,
        "moves": True,
        "kinds": ["a service_role key (JWT)"],
        "still_writing": ["by-hand"],
        "scrubbed": 20,
    }
