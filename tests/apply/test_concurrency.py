"""Two applies at once, and an apply while jobs run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from supacron.errors import Refused
from tests.support.database import Database
from tests.support.pg_cron import A_MINUTE, pg_cron_has_heard
from tests.support.proxy import COMMIT, Fault, Then, running_proxy
from tests.support.snapshot import releases
from tests.support.stacks import (
    Notes,
    apply_here,
    destroy_here,
    finish,
    http_job,
    run_supacron,
    sql_job,
    stack,
    start_supacron,
)
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow

APPLY_LOCK = 7318349394476822


@contextmanager
def holding_the_lock(
    database: Database, name: str = "supacron apply prod", number: int = APPLY_LOCK
) -> Iterator[psycopg.Connection]:
    connection = psycopg.connect(database.url, application_name=name)
    try:
        connection.execute("select pg_advisory_xact_lock(%s)", [number])
        yield connection
    finally:
        connection.close()


def waiting_for_the_lock(database: Database) -> int:
    query = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with database.connect() as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def test_one_waits_for_the_other_and_says_so(database: Database) -> None:
    with holding_the_lock(database) as holder:
        process = start_supacron(["apply"], stack({"a": sql_job()}), database.url)
        eventually(lambda: waiting_for_the_lock(database) == 1, "the apply waits")
        pid = holder.info.backend_pid
        holder.commit()
        finished = finish(process)
    assert finished.code == 0
    assert f"waiting for another apply: supacron apply prod (pid {pid}, for 00:0" in finished.output
    assert "at most 120 s" in finished.output
    assert "+ job a" in finished.output


def test_the_wait_has_a_limit(database: Database, connection: psycopg.Connection) -> None:
    with holding_the_lock(database):
        finished = run_supacron(["apply", "--lock-wait", "0.3"], stack({"a": sql_job()}), database.url)
        assert finished.code == 4
        assert "another apply holds the lock for more than 0.3 s: supacron apply prod (pid" in finished.output
        assert "pg_terminate_backend" in finished.output
        with pytest.raises(Refused, match=r"for more than 0\.1 s"):
            apply_here(database, stack({"a": sql_job()}), lock_wait_seconds=0.1)
    assert connection.execute("select to_regnamespace('supacron')").fetchone() == (None,)


def test_the_lock_goes_with_its_holder(database: Database) -> None:
    """A holder that was killed keeps nobody waiting."""
    notes = Notes()
    with holding_the_lock(database) as holder:
        waiter = threading.Thread(target=apply_here, args=(database, stack({"a": sql_job()})), kwargs={"notes": notes})
        waiter.start()
        eventually(lambda: waiting_for_the_lock(database) == 1, "the apply waits")
        with database.superuser() as superuser:
            superuser.execute("select pg_terminate_backend(%s)", [holder.info.backend_pid])
        waiter.join()
    assert not waiter.is_alive()
    assert "record the release" in notes.steps


def test_the_same_stack_from_two_machines(database: Database, connection: psycopg.Connection) -> None:
    """The one that waited sees what the other did: nothing is done twice."""
    desired = stack({f"job-{number}": sql_job() for number in range(20)})
    processes = [start_supacron(["apply"], desired, database.url) for _ in range(3)]
    outputs = [finish(process) for process in processes]
    assert [finished.code for finished in outputs] == [0, 0, 0]
    assert sorted("nothing to change" in finished.output for finished in outputs) == [False, True, True]
    assert releases(connection) == 1
    assert connection.execute("select count(*) from cron.job where jobname like 'job-%'").fetchone() == (20,)


def test_different_stacks_at_once(database: Database, connection: psycopg.Connection) -> None:
    stacks = [stack({f"{name}-job": sql_job()}, name=name) for name in ("one", "two", "three")]
    outputs = [finish(process) for process in [start_supacron(["apply"], each, database.url) for each in stacks]]
    assert [finished.code for finished in outputs] == [0, 0, 0], outputs
    assert releases(connection) == 3
    names = {name for (name,) in connection.execute("select jobname from cron.job")}
    assert names == {"one-job", "two-job", "three-job", "supacron-collect", "supacron-dispatch", "supacron-prune"}


def test_the_last_committed_apply_wins(database: Database, connection: psycopg.Connection) -> None:
    """What an apply plans, it read under the lock."""
    first, second = stack({"a": sql_job("select 1"), "b": sql_job()}), stack({"a": sql_job("select 2")})
    started: list[threading.Thread] = []

    def start_the_other() -> None:
        started.append(threading.Thread(target=apply_here, args=(database, second)))
        started[0].start()
        eventually(lambda: waiting_for_the_lock(database) == 1, "the other apply waits")

    with running_proxy(database.url, Fault(None, Then.PASS, start_the_other)) as proxy:
        apply_here(proxy.url, first)
        started[0].join()
    assert COMMIT in proxy.requests
    commands = connection.execute("select command from cron.job where jobname in ('a', 'b')").fetchall()
    assert commands == [("select 2",)]


def test_destroy_waits_as_well(database: Database) -> None:
    desired = stack({"a": sql_job()})
    apply_here(database, desired)
    with holding_the_lock(database) as holder:
        done: list[bool] = []
        waiter = threading.Thread(target=lambda: done.append(destroy_here(database, desired)))
        waiter.start()
        eventually(lambda: waiting_for_the_lock(database) == 1, "the destroy waits")
        holder.commit()
        waiter.join()
    assert done == [True]


@pytest.mark.pg_cron
def test_an_apply_while_a_job_runs(database: Database, connection: psycopg.Connection) -> None:
    """The running statement goes on, under the same jobid; the change counts from its next run on."""
    connection.execute("create table public.mark (at text)")
    busy = "insert into public.mark values ('began'); select pg_advisory_xact_lock(1);"
    busy += " insert into public.mark values ('ended')"
    other = http_job(schedule="0 0 1 1 *")
    with holding_the_lock(database, number=1):
        apply_here(database, stack({"busy": sql_job(busy, schedule="* * * * *"), "other": other}))
        pg_cron_has_heard(database)
        eventually(lambda: waiting_for_the_lock(database) == 1, "pg_cron starts the job", A_MINUTE)
        jobid = connection.execute("select jobid from cron.job where jobname = 'busy'").fetchone()
        apply_here(database, stack({"busy": sql_job("select 1", schedule="0 0 1 1 *"), "other": other}))
        assert waiting_for_the_lock(database) == 1, "it still runs"
    assert connection.execute("select jobid, command from cron.job where jobname = 'busy'").fetchone() == (
        jobid[0] if jobid else None,
        "select 1",
    )
    query = "select status from cron.job_run_details where jobid = %s order by runid limit 1"
    eventually(
        lambda: connection.execute(query, jobid).fetchone() == ("succeeded",), "the run that was under way succeeds"
    )
    assert connection.execute("select at from public.mark order by at").fetchall() == [("began",), ("ended",)]
