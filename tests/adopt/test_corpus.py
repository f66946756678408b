"""The corpus on a real database: every job that was adopted sends what it sent before.

Each original command runs as pg_cron would run it, then the jobs are adopted and applied, and what cron.job holds then
runs in the same way. A real HTTP server records both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from psycopg import errors

from supacron.adopt.adopt import Adoption, Project, adopt, write
from supacron.load.files import load_stack
from supacron.operate.database import session
from supacron.operate.target import Target
from supacron.secret import Secret
from tests.adopt.samples import ANON, KEYS, SERVICE, VAULT, Sample, samples
from tests.support.database import Database
from tests.support.receiver import Received, Receiver
from tests.support.stacks import apply_here

pytestmark = pytest.mark.slow

Sent = dict[str, list[tuple[Any, ...]]]
REFUSED = [sample for sample in samples() if sample.expected == "refuse"]
ADOPTED = [sample for sample in samples() if sample.expected != "refuse"]
FAILING = [sample.name for sample in ADOPTED if sample.expected == "fails"]
FURTHER_REQUESTS = 5
"""Three jobs send two, and one sends three."""
_NOT_SENT_BY_US = ("host", "accept", "accept-encoding", "content-length", "connection")
_OF_A_RUN = re.compile(r"dev/\S+/[0-9]+")
"""What the runtime sends besides, for a job that has no Idempotency-Key of its own."""
_MOMENT = re.compile(rb"20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\"]*")


def sent(requests: Iterable[Received], names: Iterable[str]) -> Sent:
    """What arrived, by job; the moment of a run is left out, since each run has its own."""
    found: Sent = defaultdict(list)
    by_length = sorted(names, key=len, reverse=True)
    for request in requests:
        name = next(name for name in by_length if f"/{name}" in request.path)
        headers = {key: value for key, value in request.headers.items() if key not in _NOT_SENT_BY_US}
        if headers.pop("supacron-attempt", "") and _OF_A_RUN.fullmatch(headers.get("idempotency-key", "")):
            del headers["idempotency-key"]
        found[name].append((request.method, request.path, headers, _MOMENT.sub(b"(a moment)", request.body)))
    return {name: sorted(requests, key=repr) for name, requests in found.items()}


@contextmanager
def surroundings(database: Database, url: str) -> Iterator[None]:
    """What jobs use besides pg_net and Vault: settings, functions and tables of the project's own."""
    names = {sample.name.split("-", 1)[1]: sample.name for sample in ADOPTED}
    call = f"select net.http_post('{url}/functions/v1/{names['own-function']}')"
    settings = {"base_url": url, "service_key": SERVICE, "anon_key": ANON}
    with database.superuser() as superuser:
        for name, value in settings.items():
            superuser.execute(f"alter database postgres set app.settings.{name} = '{value}'".encode())
        superuser.execute(
            "create function extensions.http_post(url text, headers jsonb, body jsonb, timeout_milliseconds integer)"
            " returns bigint language sql as 'select net.http_post(url, body, ''{}'', headers, timeout_milliseconds)'"
        )
    with database.connect() as connection:
        connection.execute(f"create function public.run_worker() returns bigint language sql as $${call}$$".encode())
        connection.execute(
            "create function public.dispatch(name text, work text[]) returns bigint language sql as"
            f" $$select net.http_post('{url}/functions/v1/' || name, jsonb_build_object('work', work))$$".encode()
        )
        connection.execute(f"create function public.app_url() returns text language sql as $$select '{url}'$$".encode())
        connection.execute("create function public.app_key() returns text language sql as $$select 'of the app'$$")
        connection.execute("create table public.app_config (key text, value text)")
        connection.execute("insert into public.app_config values ('base_url', %s), ('service_key', %s)", [url, SERVICE])
        connection.execute(
            "select vault.create_secret(%s, 'whole_url')", [f"{url}/functions/v1/{names['whole-url-from-vault']}"]
        )
    yield
    with database.superuser() as superuser:
        superuser.execute("drop function extensions.http_post")
        for name in settings:
            superuser.execute(f"alter database postgres reset app.settings.{name}".encode())


def prepare(database: Database, receiver: Receiver, chosen: Iterable[Sample]) -> dict[str, int]:
    """The jobs as people make them by hand, scheduled so that none runs by itself; their jobids by name."""
    with database.connect() as connection:
        for name, value in {**VAULT, "project_url": receiver.url}.items():
            connection.execute("select vault.create_secret(%s, %s)", [value, name])
        for number, sample in enumerate(chosen):
            once_a_year = f"{number % 60} {number // 60} 1 1 *"  # an apply refuses that many in one minute
            connection.execute(
                "select cron.schedule(%s, %s, %s)", [sample.name, once_a_year, sample.command(receiver.url)]
            )
        return dict(connection.execute("select jobname, jobid from cron.job").fetchall())


def run_all(database: Database, names: Iterable[str]) -> None:
    """What cron.job holds, each in a session that is as new, as pg_cron does it."""
    with database.connect() as connection:
        connection.prepare_threshold = None
        commands: dict[str, str] = dict(connection.execute("select jobname, command from cron.job").fetchall())
        for name in names:
            connection.execute(commands[name].encode())
            connection.execute("discard all")
        for name in FAILING:
            with pytest.raises((errors.SyntaxError, errors.InvalidTextRepresentation)):
                connection.execute(commands[name].encode())


def adopt_all(database: Database, directory: Path, url: str) -> tuple[Adoption, dict[str, Secret]]:
    kept: dict[str, Secret] = {}
    target = Target(directory / "stacks", "dev")
    with session(Secret(database.url), "test", read_only=True) as connection:
        adoption = adopt(connection, target, [], Project("local", url), datetime.now(UTC))
    write(adoption, kept.update)
    return adoption, kept


@pytest.fixture
def url(database: Database, receiver: Receiver) -> Iterator[str]:
    with surroundings(database, receiver.url):
        yield receiver.url


@pytest.mark.usefixtures("url")
def test_every_adopted_job_sends_what_it_sent_before(database: Database, receiver: Receiver, tmp_path: Path) -> None:
    names = [sample.name for sample in ADOPTED if sample.name not in FAILING]
    jobids = prepare(database, receiver, ADOPTED)
    run_all(database, names)
    expected = len(names) + FURTHER_REQUESTS
    before = sent(receiver.wait_for(expected), names)
    receiver.clear()

    adoption, keys = adopt_all(database, tmp_path, receiver.url)
    assert adoption.refused == ()
    assert {each.live.name for each in adoption.adopted} == {*names, *FAILING}
    as_sql = {each.live.name for each in adoption.adopted if each.why_sql}
    assert as_sql == {sample.name for sample in ADOPTED if sample.expected != "call"}
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


def test_sixty_spellings_were_each_seen_in_a_public_place_of_its_own() -> None:
    seen = [sample for sample in samples() if sample.source]
    assert len({sample.source for sample in seen}) == len(seen)
    # Blanks are no spelling.
    assert len({re.sub(r"\s", "", sample.template) for sample in seen}) >= 60
    assert len({sample.template for sample in samples()}) == len(samples())
