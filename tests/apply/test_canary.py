"""A secret's value stands nowhere but in Vault and, while it is sent, in pg_net's two transient tables.

Values reach the server by COPY and not as bound parameters, since a server with log_statement = all writes bound
parameters to its log: `test_a_bound_parameter_would_be_logged` shows that it does.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from local.pg_net_worker import APPLICATION_NAME
from supacron.model.desired import Desired
from tests.support.command import supacron
from tests.support.database import Database
from tests.support.pg_cron import A_MINUTE, pg_cron_has_heard
from tests.support.project import StackFolder
from tests.support.receiver import Answer, Receiver
from tests.support.snapshot import every_text
from tests.support.stacks import PROJECT_REF, Finished, apply_here, http_job, run_supacron, secret, stack
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow

ALLOWED = {"net.http_request_queue", "net._http_response"}
TALKATIVE = {
    "log_statement": "all",
    "log_min_duration_statement": "0",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
    "log_error_verbosity": "verbose",
    "log_min_error_statement": "debug5",
}


@pytest.fixture
def talkative(database: Database) -> Iterator[Callable[[], str]]:
    """The server writes all that it can to its log; the value is that log since then."""
    begin = database.cluster.log_path.stat().st_size
    with database.superuser() as superuser:
        for name, value in TALKATIVE.items():
            superuser.execute(f"alter system set {name} = '{value}'".encode())
        superuser.execute("select pg_reload_conf()")
    try:
        yield lambda: database.cluster.log_path.read_bytes()[begin:].decode(errors="replace")
    finally:
        with database.superuser() as superuser:
            superuser.execute("alter system reset all")
            superuser.execute("select pg_reload_conf()")


@pytest.fixture
def canary() -> str:
    return f"canary-{secrets.token_hex(12)}"


@pytest.fixture
def folder(tmp_path: Path) -> StackFolder:
    return StackFolder(tmp_path, "main", PROJECT_REF, "http://127.0.0.1:9")


@contextmanager
def watching_arguments() -> Iterator[list[str]]:
    """The command lines of every process of the machine, looked at twenty times a second."""
    seen: set[str] = set()
    shown: list[str] = []
    stop = threading.Event()

    def sample() -> None:
        # A process lives for longer; without a pause this would take a processor for itself.
        while not stop.wait(0.05):
            for process in psutil.process_iter():
                try:
                    seen.add("\0".join(process.cmdline()))
                except psutil.Error:
                    continue

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield shown
    finally:
        stop.set()
        thread.join()
        shown.extend(seen)


def leaks(database: Database, *canaries: str) -> list[str]:
    """The tables and statistics in which one of the values stands."""
    with database.superuser() as superuser:
        content = every_text(superuser)
        statistics = superuser.execute(
            "select s::text from pg_statistic s where s.starelid::regclass::text <> all(%s)", [list(ALLOWED)]
        ).fetchall()
        rows = superuser.execute("select query from extensions.pg_stat_statements").fetchall()
        activity = superuser.execute("select query from pg_stat_activity where pid <> pg_backend_pid()").fetchall()
    # Autovacuum samples the two transient tables, too.
    content["pg_catalog.pg_statistic"] = "\n".join(text for (text,) in statistics)
    content["pg_stat_statements"] = "\n".join(query for (query,) in rows)
    content["pg_stat_activity"] = "\n".join(query for (query,) in activity)
    assert "copy pg_temp.secret_input" in content["pg_stat_statements"]
    return [name for name, text in content.items() if name not in ALLOWED and any(value in text for value in canaries)]


def definition(receiver: Receiver) -> dict[str, Any]:
    def job(path: str, key: str) -> dict[str, Any]:
        auth = [{"secret": "key", "as": "apikey"}, {"secret": key}]
        return {"schedule": "* * * * *", "url": f"{receiver.url}{path}", "body": {}, "auth": auth}

    return {
        "secrets": {"key": {}, "outside": {"env": "OUTSIDE_KEY"}, "lost": {}, "hook": {}, "ping": {}, "told": {}},
        "defaults": {"on_failure": {"secret": "told"}},
        "alerts": {"failing": {"when": {"run_failures": {"over_percent": 0}}, "webhook": "hook", "repeat": "1m"}},
        "ping": {"url": "ping"},
        "queue": {},
        "jobs": {"good": job("/good", "key"), "bad": job("/bad", "outside"), "lost": job("/lost", "lost")},
    }


@pytest.mark.pg_cron
def test_the_value_stands_nowhere(
    database: Database,
    connection: psycopg.Connection,
    receiver: Receiver,
    folder: StackFolder,
    talkative: Callable[[], str],
    canary: str,
) -> None:
    """From the first apply through a minute of pg_cron, rotation, failures and every command to the destroy."""
    receiver.answers = {"/good": Answer(200, echo=True), "/bad": Answer(500, echo=True)}
    desired = folder.write(definition(receiver))
    hooks = {name: f"{receiver.url}/{name}/{canary}" for name in ("hook", "ping", "told")}
    values = {"key": f"{canary}-config", "lost": f"{canary}-lost", **hooks}
    extra = {"OUTSIDE_KEY": f"{canary}-env"}
    outputs: list[Finished] = []
    with watching_arguments() as arguments:
        outputs.append(run_supacron(["apply"], desired, database.url, values, extra))
        assert outputs[-1].code == 0, outputs[-1].output
        connection.execute("delete from vault.secrets where name = 'supacron/main/lost'")
        pg_cron_has_heard(database)
        wait_for_a_minute_of_cron(connection, receiver)
        outputs += every_command(database, folder, extra)
        rotated = {"key": f"{canary}-rotated", **hooks}
        outputs.append(run_supacron(["apply"], desired, database.url, rotated, {**extra, "OUTSIDE_KEY": canary}))
        outputs.append(run_supacron(["apply"], desired, database.url, values, extra))
        outputs += failures(database, desired, canary)
        wait_for_a_minute_of_cron(connection, receiver, by_hand=True)
        found = leaks(database, canary)
        outputs.append(run_supacron(["destroy"], desired, database.url, values, {**extra, "SUPACRON_DESTROY": "data"}))
    sent = receiver.requests
    assert any(canary in request.headers.get("authorization", "") for request in sent), "the receiver got it"
    assert {f"/hook/{canary}", f"/ping/{canary}", f"/told/{canary}"} <= {request.path for request in sent}
    assert any("supacron" in line for line in arguments)
    assert [line for line in arguments if canary in line] == []
    assert [finished.output for finished in outputs if canary in finished.output] == []
    assert found == []
    log = talkative()
    assert "copy pg_temp.secret_input" in log
    # The stand-in for pg_net's worker is a client that binds what it received; the original is none, and logs nothing.
    assert [line for line in log.splitlines() if canary in line and APPLICATION_NAME not in line] == []


def test_a_rotation_shows_neither_value(
    database: Database,
    receiver: Receiver,
    folder: StackFolder,
    talkative: Callable[[], str],
    canary: str,
) -> None:
    """One that is refused, one that is proven, and the end of the old value."""
    old, new = f"{canary}-old", f"{canary}-new"
    job: dict[str, Any] = {"schedule": "0 0 1 1 *", "url": f"{receiver.url}/good"}
    job["auth"] = [{"secret": "key"}, {"secret": "key", "as": "apikey"}]
    desired = folder.write({"secrets": {"key": {"env": "OUTSIDE_KEY"}}, "jobs": {"good": job}})
    apply_here(database, desired, {"key": old})
    receiver.answers = {"/good": Answer(401, echo=True, accept=f"Bearer {new}")}
    outputs: list[str] = []
    with watching_arguments() as arguments:
        for value in (f"{canary}-unknown", new, new):
            ended = supacron(
                "rotate",
                "key",
                "--stack",
                "main",
                "--grace",
                "0s",
                cwd=folder.folder,
                env={"SUPACRON_DATABASE_URL": database.url, "OUTSIDE_KEY": old},
                stdin=value,
            )
            outputs.append(ended.out + ended.err)
        with database.connect() as connection:
            found = [*leaks(database, canary)]
            connection.execute("select supacron.collect()")
    assert "with the new key: HTTP 401; nothing was changed" in outputs[0]
    assert "with the new one: HTTP 200" in outputs[1]
    assert "holds already" in outputs[2]
    assert [request.headers["authorization"] for request in receiver.requests][-1] == f"Bearer {new}"
    assert [output for output in outputs if canary in output] == []
    assert any("rotate" in line for line in arguments)
    assert [line for line in arguments if canary in line] == []
    assert found == []
    with database.superuser() as superuser:
        held = superuser.execute("select decrypted_secret from vault.decrypted_secrets where name like '%key%'")
        assert [value for (value,) in held if canary in value] == [new]
    assert [line for line in talkative().splitlines() if canary in line and APPLICATION_NAME not in line] == []


def wait_for_a_minute_of_cron(connection: psycopg.Connection, receiver: Receiver, *, by_hand: bool = False) -> None:
    """pg_cron runs every job once, or somebody by hand; all outcomes are recorded."""
    if by_hand:
        for name in ("good", "bad"):
            connection.execute("select supacron.trigger_job(%s, 'me')", [name])
    receiver.wait_for(len(receiver.requests) + 2, timeout=A_MINUTE)

    def recorded() -> bool:
        connection.execute("select supacron.collect()")
        outcomes = connection.execute("select last_outcome from supacron.job_status").fetchall()
        return {outcome for (outcome,) in outcomes} >= {"ok", "http_error", "failed"}

    eventually(recorded, "every outcome is recorded")


def every_command(database: Database, folder: StackFolder, extra: dict[str, str]) -> list[Finished]:
    commands = [
        ["validate"],
        ["render"],
        ["plan"],
        ["status"],
        ["runs"],
        ["trigger", "good", "--wait"],
        ["trigger", "lost"],
        ["pause", "good", "--reason", "test"],
        ["resume", "good"],
        ["next"],
        ["alerts"],
        ["alerts", "test", "failing"],
        ["doctor"],
        ["queue", "failures"],
    ]
    outputs = [folder.run(database.url, *command, extra=extra) for command in commands]
    outputs += [folder.run(database.url, *command, "--json", extra=extra) for command in commands]
    assert not any("Traceback" in finished.output for finished in outputs)
    assert [finished.code for finished in outputs].count(0) >= 12, outputs
    return outputs


def failures(database: Database, desired: Desired, canary: str) -> list[Finished]:
    """Refused, failed in the middle, and kept out; each with the value at hand."""
    values = {"key": f"{canary}-third", "lost": f"{canary}-found"}
    with database.connect() as connection:
        connection.execute("delete from vault.secrets where name = 'supacron/main/lost'")
    outputs = [run_supacron(["apply"], desired, database.url, {}, {})]
    assert "Vault has no supacron/main/lost" in outputs[-1].output
    with database.superuser() as superuser:
        superuser.execute("alter table supacron.secret_version add constraint full_up check (false) not valid")
        outputs.append(run_supacron(["apply"], desired, database.url, values, {}))
        superuser.execute("alter table supacron.secret_version drop constraint full_up")
    assert "could not remember which values were applied" in outputs[-1].output
    wrong = database.url.replace(":postgres@", f":{canary}-password@")
    outputs.append(run_supacron(["apply"], desired, wrong, values, {}))
    assert outputs[-1].code == 5
    assert "The password for postgres is wrong" in outputs[-1].output
    return outputs


def test_an_error_that_quotes_the_value_is_masked(database: Database, canary: str) -> None:
    """Such a message stands in the server's log, where its author put it; ours does not repeat it."""
    desired = stack({"a": http_job(auth="key")}, {"key": secret("supacron/main/key")})
    apply_here(database, desired, {"key": f"{canary}-first"})
    with database.superuser() as superuser:
        superuser.execute(
            "create function public.tell() returns trigger language plpgsql security definer as"
            " $$ begin raise exception 'no: %', (select string_agg(decrypted_secret, ' ') from vault.decrypted_secrets)"
            " using detail = 'detail', hint = (select string_agg(decrypted_secret, ' ') from vault.decrypted_secrets);"
            " end $$"
        )
        superuser.execute("create trigger tell before insert on supacron.secret_version execute function public.tell()")
        keys = superuser.execute("select decrypted_secret from vault.decrypted_secrets").fetchall()
    finished = run_supacron(["apply"], desired, database.url, {"key": f"{canary}-second"})
    assert finished.code == 1
    assert "could not remember which values were applied: no: " in finished.output
    assert canary not in finished.output
    assert len(keys) == 2, "the value, and the key of the fingerprints"
    assert not any(key in finished.output for (key,) in keys)


@pytest.mark.parametrize(
    "shape",
    ["{}", "%24{}", "a/{}", "a?{}", "a#{}", "12?{}", "12#{}", "12/{}", "a@{}", "%zz{}", "[{}", "{}:", "a b{}"],
)
def test_the_database_password_is_never_shown(database: Database, canary: str, shape: str) -> None:
    """Also when the URL is written wrongly, so that a part of the password is taken for something else."""
    url = database.url.replace(":postgres@", f":{shape.format(canary)}@")
    finished = run_supacron(["apply"], stack({}), url)
    assert finished.code == 5, finished.output
    assert canary not in finished.output
    assert "Traceback" not in finished.output
    if shape in ("{}", "%24{}"):
        assert "The password for postgres is wrong" in finished.output


def test_the_right_password_is_not_shown_either(database: Database, canary: str) -> None:
    desired = stack({})
    with database.superuser() as superuser:
        superuser.execute(f"alter role postgres password '{canary}'".encode())
        try:
            url = database.url.replace(":postgres@", f":{canary}@")
            outputs = [run_supacron([command], desired, url) for command in ("apply", "apply", "destroy")]
        finally:
            superuser.execute("alter role postgres password 'postgres'")
    assert [finished.code for finished in outputs] == [0, 0, 0]
    assert canary not in "".join(finished.output for finished in outputs)


def test_a_bound_parameter_would_be_logged(database: Database, talkative: Callable[[], str], canary: str) -> None:
    with database.connect() as connection:
        connection.execute("select vault.create_secret(%s, 'bound')", [canary])
    assert canary in talkative()
