"""A half-applied state is impossible: whatever ends an apply, at whichever statement, all of it happened or nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest

from supacron.apply import transaction
from supacron.errors import Unreachable
from supacron.model.desired import Desired
from tests.support.database import Database
from tests.support.proxy import COMMIT, Fault, Proxy, Then, running_proxy
from tests.support.snapshot import meaning, releases, state
from tests.support.stacks import (
    Finished,
    Notes,
    apply_here,
    finish,
    http_job,
    secret,
    sql_job,
    stack,
    start_supacron,
)

pytestmark = pytest.mark.slow

KEY, OTHER, THIRD = "before-key", "before-other", "after-third"
SLOTS = {"key": secret("supacron/main/key"), "other": secret("supacron/main/other")}
BEFORE = stack(
    {
        "kept": sql_job(),
        "changed": http_job(auth="key"),
        "gone": sql_job("select 2"),
        "old": http_job(auth="other"),
    },
    SLOTS,
)
# Every kind of statement that an apply of an installed runtime knows.
AFTER = stack(
    {
        "kept": sql_job(),
        "changed": http_job(auth="key", schedule="*/5 * * * *"),
        "new": http_job(renamed_from="old", auth="third"),
        "fresh": sql_job("select 3"),
        "asleep": sql_job("select 4", enabled=False),
    },
    {"key": SLOTS["key"], "third": secret("supacron/main/third", description="The third.")},
    runs_ms=86_400_000,
)
VALUES_BEFORE = {"key": KEY, "other": OTHER}
VALUES_AFTER = {"key": "after-key", "third": THIRD}
END_APPLIES = """
    select pg_terminate_backend(pid, 120000) from pg_stat_activity where application_name like 'supacron apply%'
"""
State = dict[str, list[dict[str, Any]]]


def look(database: Database) -> State:
    with database.connect() as connection:
        return state(connection)


def reference(database: Database) -> dict[str, list[str]]:
    """What an undisturbed apply leaves."""
    reset(database)
    apply_here(database, AFTER, VALUES_AFTER)
    return meaning(look(database))


def reset(database: Database) -> State:
    database.clean()
    apply_here(database, BEFORE, VALUES_BEFORE)
    return look(database)


def wait_until_gone(database: Database) -> None:
    """The server notices that a client is gone when it next reads from it, and rolls back."""
    with database.superuser() as connection:
        connection.execute(END_APPLIES)


def terminate(database: Database) -> Callable[[], None]:
    def action() -> None:
        with database.superuser() as connection:
            ended = connection.execute(END_APPLIES).fetchall()
        assert ended == [(True,)]

    return action


@contextmanager
def crash(database: Database) -> Iterator[Callable[[], None]]:
    """An immediate stop; the server comes up again while the client is trying."""
    starting: list[threading.Thread] = []

    def action() -> None:
        database.cluster.kill()
        starting.append(threading.Thread(target=database.cluster.start))
        starting[0].start()

    try:
        yield action
    finally:
        for thread in starting:
            thread.join()


def every_request(
    database: Database, make: Callable[[int], Fault], run: Callable[[Proxy], None], *, first: int = 1, step: int = 1
) -> Iterator[State]:
    """Runs an apply again and again with the fault at its first, second... request; yields the state before each."""
    before: State = {}
    for at in count(first, step):
        # What was rolled back is as it was.
        if not before or look(database) != before:
            before = reset(database)
        with running_proxy(database.url, make(at)) as proxy:
            run(proxy)
            struck = proxy.struck
        if not struck:
            assert at > 25
            assert COMMIT in proxy.requests
            return
        yield before


def test_the_process_is_killed_at_every_third_statement(database: Database) -> None:
    wanted = reference(database)
    processes: list[Any] = []

    def fault(at: int) -> Fault:
        return Fault(at, Then.PASS_AND_CUT if at % 2 else Then.CUT, lambda: processes[-1].kill())  # noqa: PLW0108 - later

    def run_one(proxy: Proxy) -> None:
        processes.append(start_supacron(["apply"], AFTER, proxy.url, VALUES_AFTER))
        finish(processes[-1])

    for before in every_request(database, fault, run_one, step=3):
        assert processes[-1].returncode == -9
        wait_until_gone(database)
        after = look(database)
        assert after == before or meaning(after) == wanted
    assert processes[-1].returncode == 0
    assert meaning(look(database)) == wanted


@pytest.mark.parametrize(("by", "first"), [("server", 1), ("network", 2)])
def test_the_connection_ends_at_each_statement(database: Database, by: str, first: int) -> None:
    """The tool recovers by itself, and applies exactly once. Server and network take turns."""
    wanted = reference(database)
    notes = Notes()

    def fault(at: int) -> Fault:
        if by == "server":
            return Fault(at, Then.PASS, terminate(database))
        return Fault(at, Then.PASS_AND_CUT if at % 4 else Then.CUT)

    def run_one(proxy: Proxy) -> None:
        check_recovery(database, proxy, notes, wanted)

    for _ in every_request(database, fault, run_one, first=first, step=2):
        assert any("the connection was lost; trying again" in notice for notice in notes.notices)
        notes.notices.clear()
    assert notes.notices == []


def check_recovery(database: Database, proxy: Proxy, notes: Notes, wanted: dict[str, list[str]]) -> None:
    applied = apply_here(proxy.url, AFTER, VALUES_AFTER, notes=notes)
    assert applied.wrote
    assert meaning(look(database)) == wanted
    with database.connect() as connection:
        assert releases(connection) == 2
    assert not apply_here(database, AFTER, VALUES_AFTER).wrote


def test_the_server_crashes_at_every_fifth_statement(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = reference(database)
    monkeypatch.setattr(transaction, "CONNECT_ATTEMPTS", 30)  # a slow machine takes its time to recover
    for at in count(1, 5):
        reset(database)
        with crash(database) as action, running_proxy(database.url, Fault(at, Then.CUT, action)) as proxy:
            check_recovery(database, proxy, Notes(), wanted)
        if not proxy.struck:
            break
    assert at > 25


def test_the_first_apply_is_cut_at_every_ninth_statement(database: Database) -> None:
    """The whole runtime is made in the same transaction: nothing of it is left."""
    database.clean()
    apply_here(database, BEFORE, VALUES_BEFORE)
    wanted = meaning(look(database))
    for at in count(1, 9):
        database.clean()
        with running_proxy(database.url, Fault(at, Then.PASS, terminate(database))) as proxy:
            applied = apply_here(proxy.url, BEFORE, VALUES_BEFORE)
        assert applied.wrote
        assert meaning(look(database)) == wanted
        with database.connect() as connection:
            assert releases(connection) == 1
        if not proxy.struck:
            break
    assert at > 50


def run(proxy: Proxy, definitions: Desired) -> Finished:
    return finish(start_supacron(["apply"], definitions, proxy.url, VALUES_AFTER))


@pytest.mark.parametrize("then", [Then.CUT, Then.PASS_AND_CUT, Then.DROP_ANSWER])
def test_the_answer_to_commit_is_lost(database: Database, then: Then) -> None:
    wanted = reference(database)
    reset(database)
    with running_proxy(database.url, Fault(None, then)) as proxy:
        finished = run(proxy, AFTER)
    assert proxy.struck
    assert finished.code == 0
    assert "the connection was lost; trying again (1 of 2)" in finished.output
    assert "- job gone" in finished.output
    assert meaning(look(database)) == wanted
    with database.connect() as connection:
        assert releases(connection) == 2
    if then is not Then.PASS_AND_CUT:
        # What was committed before the cut is looked for, and not done again.
        assert proxy.requests.count(COMMIT) == (1 if then is Then.DROP_ANSWER else 2)


def test_the_server_crashes_after_commit_and_before_its_answer(database: Database) -> None:
    wanted = reference(database)
    reset(database)
    with crash(database) as action:
        # The answer is swallowed, and the server dies while the client still waits for it.
        def after_commit() -> None:
            wait_for_release(database)
            action()

        watcher = threading.Thread(target=after_commit)
        with running_proxy(database.url, Fault(None, Then.DROP_ANSWER, watcher.start)) as proxy:
            finished = run(proxy, AFTER)
        watcher.join()
    assert finished.code == 0
    assert meaning(look(database)) == wanted
    with database.connect() as connection:
        assert releases(connection) == 2


def wait_for_release(database: Database) -> None:
    with database.connect() as connection:
        while releases(connection) < 2:
            threading.Event().wait(0.01)


@pytest.mark.parametrize(("then", "happened"), [(Then.CUT, False), (Then.DROP_ANSWER, True)])
def test_the_process_is_killed_before_and_after_commit(database: Database, then: Then, happened: bool) -> None:
    wanted = reference(database)
    before = reset(database)
    processes: list[Any] = []
    with running_proxy(database.url, Fault(None, then, lambda: processes[0].kill())) as proxy:  # noqa: PLW0108 - later
        processes.append(start_supacron(["apply"], AFTER, proxy.url, VALUES_AFTER))
        assert finish(processes[0]).code == -9
    wait_until_gone(database)
    after = look(database)
    assert (meaning(after) == wanted) is happened
    assert (after == before) is not happened
    assert apply_here(database, AFTER, VALUES_AFTER).wrote is not happened
    assert meaning(look(database)) == wanted


def test_a_server_that_stays_away(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its attempts the tool says so, with the remedy."""
    reset(database)
    monkeypatch.setattr(transaction, "CONNECT_ATTEMPTS", 2)
    with (
        running_proxy(database.url, Fault(10, Then.CUT, database.cluster.kill)) as proxy,
        pytest.raises(Unreachable, match="Check that the database runs"),
    ):
        apply_here(proxy.url, AFTER, VALUES_AFTER)
    database.cluster.start()
    apply_here(database, AFTER, VALUES_AFTER)
