"""The corpus on a real database: every job that was adopted sends what it sent before.

Each original command runs as pg_cron would run it, then the jobs are adopted and applied, and what cron.job holds then
runs in the same way. A real HTTP server records both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from supacron.adopt.adopt import Adoption, Project, adopt, write
from supacron.load.files import load_stack
from supacron.operate.database import session
from supacron.operate.target import Target
from supacron.secret import Secret
from tests.adopt.samples import KEYS, VAULT, Sample, samples
from tests.support.database import Database
from tests.support.receiver import Received, Receiver
from tests.support.stacks import apply_here

pytestmark = pytest.mark.slow

Sent = dict[str, list[tuple[Any, ...]]]
REFUSED = [sample for sample in samples() if sample.expected == "refuse"]
ADOPTED = [sample for sample in samples() if sample.expected != "refuse"]
_NOT_SENT_BY_US = ("host", "accept", "accept-encoding", "content-length", "connection")
_MOMENT = re.compile(rb"20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\"]*")


def sent(requests: Iterable[Received], names: Iterable[str]) -> Sent:
    """What arrived, by job; the moment of a run is left out, since each run has its own."""
    found: Sent = defaultdict(list)
    by_length = sorted(names, key=len, reverse=True)
    for request in requests:
        name = next(name for name in by_length if f"/{name}" in request.path)
        headers = {key: value for key, value in request.headers.items() if key not in _NOT_SENT_BY_US}
        found[name].append((request.method, request.path, headers, _MOMENT.sub(b"(a moment)", request.body)))
    return {name: sorted(requests, key=repr) for name, requests in found.items()}


def prepare(database: Database, receiver: Receiver, chosen: Iterable[Sample]) -> dict[str, int]:
    """The jobs as people make them by hand, scheduled so that none runs by itself; their jobids by name."""
    worker = next(sample.name for sample in chosen if "own-function" in sample.name)
    with database.connect() as connection:
        call = f"select net.http_post('{receiver.url}/functions/v1/{worker}')"
        connection.execute(f"create function public.run_worker() returns bigint language sql as $${call}$$".encode())
        for name, value in {**VAULT, "project_url": receiver.url}.items():
            connection.execute("select vault.create_secret(%s, %s)", [value, name])
        for sample in chosen:
            connection.execute("select cron.schedule(%s, '0 0 1 1 *', %s)", [sample.name, sample.command(receiver.url)])
        return dict(connection.execute("select jobname, jobid from cron.job").fetchall())


def run_all(database: Database, names: Iterable[str]) -> None:
    """What cron.job holds, each in a session of its own, as pg_cron does it."""
    with database.connect() as connection:
        commands: dict[str, str] = dict(connection.execute("select jobname, command from cron.job").fetchall())
    for name in names:
        with database.connect() as connection:
            connection.execute(commands[name].encode())


def adopt_all(database: Database, directory: Path, url: str) -> tuple[Adoption, dict[str, Secret]]:
    kept: dict[str, Secret] = {}
    target = Target(directory / "stacks", "dev")
    with session(Secret(database.url), "test", read_only=True) as connection:
        adoption = adopt(connection, target, [], Project("local", url), datetime.now(UTC))
    write(adoption, kept.update)
    return adoption, kept


def test_every_adopted_job_sends_what_it_sent_before(database: Database, receiver: Receiver, tmp_path: Path) -> None:
    names = [sample.name for sample in ADOPTED]
    jobids = prepare(database, receiver, ADOPTED)
    run_all(database, names)
    # One request each, but for the three that send two.
    expected = len(names) + 3
    before = sent(receiver.wait_for(expected), names)
    receiver.clear()

    adoption, keys = adopt_all(database, tmp_path, receiver.url)
    assert adoption.refused == ()
    assert {each.live.name for each in adoption.adopted} == set(names)
    as_sql = {each.live.name for each in adoption.adopted if each.why_sql}
    assert as_sql == {sample.name for sample in ADOPTED if sample.expected == "sql"}
    written = "".join(path.read_text() for path in (tmp_path / "stacks").iterdir())
    assert not [key for key in KEYS.values() if key in written]

    desired = load_stack(tmp_path / "stacks", "dev").desired
    apply_here(database, desired, {name: key.reveal() for name, key in keys.items()})
    with database.connect() as connection:
        rows = connection.execute(
            "select jobname, jobid, command from cron.job where jobname not like 'supacron-%'"
        ).fetchall()
    assert {name: jobid for name, jobid, _ in rows} == jobids
    assert not [name for name, _, command in rows if any(key in command for key in KEYS.values())]

    run_all(database, names)
    after = sent(receiver.wait_for(expected), names)
    for name in names:
        assert after[name] == before[name], name


def test_what_is_refused_stays_as_it_is(database: Database, receiver: Receiver, tmp_path: Path) -> None:
    with database.connect() as connection:
        for sample in REFUSED:
            connection.execute("select cron.schedule(%s, '0 0 1 1 *', %s)", [sample.name, sample.command(receiver.url)])
    with session(Secret(database.url), "test", read_only=True) as connection:
        adoption = adopt(connection, Target(tmp_path, "dev"), [], Project("local", receiver.url), datetime.now(UTC))
    assert [refusal.name for refusal in adoption.refused] == [sample.name for sample in REFUSED]
    assert adoption.files == {}
    assert not [key for key in KEYS.values() if key in repr(adoption.refused)]


def test_the_corpus_is_large_enough() -> None:
    assert len(samples()) >= 60
    assert len({sample.template for sample in samples()}) == len(samples())
