"""pg_cron runs what a large transaction has scheduled: whether it heard of it is not left to chance."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from supacron.apply.reload import _MANY, _MESSAGES, may_be_missed
from supacron.plan.changes import Action, Change, Kind, Plan
from tests.support.database import Database
from tests.support.project import StackFolder
from tests.support.stacks import Notes, apply_here, destroy_here

RELOADS = "Having pg_cron read its jobs again"
HEARD = 4096 - 64
REPORT: dict[str, Any] = {"jobs": {"report": {"schedule": "0 3 * * *", "sql": "select 1"}}}
MESSAGE = re.compile(r"catcache|catalog|relcache|relmap|snapshot|smgr")


def plan(*kinds: Kind) -> Plan:
    return Plan(stack="main", changes=tuple(Change(kind, Action.CREATE, str(n)) for n, kind in enumerate(kinds)))


def test_which_plans_pg_cron_may_miss() -> None:
    assert not may_be_missed(plan(Kind.RUNTIME, Kind.STACK, *[Kind.JOB] * 50))
    assert may_be_missed(plan(Kind.RUNTIME, Kind.STACK, *[Kind.JOB] * 1000))
    assert may_be_missed(plan(Kind.RUNTIME, Kind.QUEUE))
    assert not may_be_missed(plan(Kind.QUEUE, Kind.JOB))
    assert not may_be_missed(plan(*[Kind.JOB] * 3000))
    assert may_be_missed(plan(*[Kind.JOB] * 4000))


class Log:
    """The server's write-ahead log, which says how many messages each commit sent to the other processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._begin = self._end()

    def _end(self) -> str:
        with self._database.superuser() as connection:
            (found,) = connection.execute("select pg_current_wal_flush_lsn()::text").fetchone() or ("",)
        return str(found)

    def messages(self) -> int:
        """Those of the largest transaction since the last call."""
        cluster = self._database.cluster
        begin, self._begin = self._begin, self._end()
        waldump = str(cluster._installation.bin / "pg_waldump")
        command = [waldump, "-p", str(cluster.data / "pg_wal"), "-r", "Transaction"]
        shown = subprocess.run(
            [*command, "-s", begin, "-e", self._begin], capture_output=True, text=True, check=True
        ).stdout
        return max(len(MESSAGE.findall(line.partition("inval msgs:")[2])) for line in shown.splitlines())


@pytest.mark.slow
def test_its_table_is_changed_again_where_it_may_have_missed_it(database: Database, tmp_path: Path) -> None:
    """That the jobs then run is shown by tests/functions/test_batch_processor.py."""
    folder = StackFolder(tmp_path, "main", "local", "http://127.0.0.1:9")
    log, notes = Log(database), Notes()
    apply_here(database, folder.write({**REPORT, "queue": {}}), notes=notes)
    assert log.messages() > HEARD, "else this is not needed"
    assert notes.steps[-1] == RELOADS
    with database.connect() as connection:
        names = [name for (name,) in connection.execute("select jobname from cron.job")]
    assert "report" in names
    assert "supacron-reload" not in names
    assert notes.notices == []
    assert destroy_here(database, folder.write(REPORT), with_data=True)
    with database.connect() as connection:
        assert connection.execute("select count(*) from cron.job").fetchone() == (0,)

    notes, log = Notes(), Log(database)
    apply_here(database, folder.write(REPORT), notes=notes)
    assert log.messages() < _MESSAGES[Kind.RUNTIME]
    apply_here(database, folder.write({**REPORT, "queue": {}}), notes=notes)
    assert log.messages() < _MESSAGES[Kind.QUEUE]
    assert RELOADS not in notes.steps


def test_what_is_not_reloaded_is_heard() -> None:
    assert _MANY < HEARD
