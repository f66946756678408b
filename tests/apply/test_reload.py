"""pg_cron runs what a large transaction has scheduled: whether it heard of it is not left to chance."""

from __future__ import annotations

import os
import signal
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from supacron.apply.reload import RELOADS, many, may_be_missed, reload_schedules
from supacron.plan.changes import Action, Change, Kind, Plan
from tests.support.database import Database
from tests.support.project import StackFolder
from tests.support.stacks import Notes, apply_here, destroy_here

REPORT: dict[str, Any] = {"jobs": {"report": {"schedule": "0 3 * * *", "sql": "select 1"}}}
SESSION = "select pid, state_change, clock_timestamp() from pg_stat_activity where backend_type = 'pg_cron launcher'"


def plan(*kinds: Kind) -> Plan:
    return Plan(stack="main", changes=tuple(Change(kind, Action.CREATE, str(n)) for n, kind in enumerate(kinds)))


def test_which_plans_pg_cron_may_miss() -> None:
    assert may_be_missed(plan(Kind.RUNTIME))
    assert may_be_missed(plan(Kind.JOB, Kind.QUEUE))
    assert may_be_missed(plan(Kind.EXTENSION))
    assert not may_be_missed(plan(Kind.STACK, Kind.SECRET, *[Kind.JOB] * 1000))
    assert may_be_missed(plan(*[Kind.JOB] * 2000))
    assert many(2000)
    assert not many(1000)


def session(database: Database) -> tuple[int, datetime, datetime]:
    with database.superuser() as connection:
        row = connection.execute(SESSION).fetchone()
    assert row is not None
    return row


class Deaf(Notes):
    """pg_cron's process stands still until the reload has begun: it misses all that comes before."""

    def __init__(self, pid: int) -> None:
        super().__init__()
        self._pid = pid
        os.kill(pid, signal.SIGSTOP)

    def step(self, title: str) -> None:
        super().step(title)
        if title == RELOADS:
            # The first change of cron.job goes with the rest.
            threading.Timer(0.3, self.end).start()

    def end(self) -> None:
        os.kill(self._pid, signal.SIGCONT)


@pytest.mark.pg_cron
@pytest.mark.slow
def test_a_transaction_that_pg_cron_has_missed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An apply, and a destroy: when they end, it has read its table."""
    monkeypatch.setattr("supacron.apply.apply.reload_schedules", reload_schedules)
    folder = StackFolder(tmp_path, "main", "local", "http://127.0.0.1:9")
    desired = folder.write({**REPORT, "queue": {}})
    for destroys in (False, True):
        pid, _, begun = session(database)
        notes = Deaf(pid)
        try:
            if destroys:
                assert destroy_here(database, desired, with_data=True, notes=notes)
            else:
                assert apply_here(database, desired, notes=notes).wrote
        finally:
            notes.end()
        assert notes.steps[-1] == RELOADS
        assert notes.notices == []
        assert session(database)[1] > begun
    with database.connect() as connection:
        assert connection.execute("select count(*) from cron.job").fetchone() == (0,)


@pytest.mark.pg_cron
@pytest.mark.slow
def test_a_role_that_does_not_see_its_session(database: Database) -> None:
    with database.superuser() as superuser, database.connect(autocommit=False) as connection:
        superuser.execute("revoke pg_monitor, pg_read_all_stats from postgres")
        try:
            notes = Notes()
            reload_schedules(connection, notes)
        finally:
            superuser.execute("grant pg_monitor, pg_read_all_stats to postgres")
        assert (notes.steps, notes.notices) == ([RELOADS], [])
        assert connection.execute("select count(*) from cron.job").fetchone() == (0,)
