"""Two-key rotation, on a database and a receiver that knows keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
import pytest

from supacron.errors import Refused, SupacronError
from supacron.load.files import load_stack
from supacron.operate.rotate import Rotated, Rotation, Store, rotate
from supacron.operate.target import Usage
from supacron.secret import Secret
from tests.support.database import Database
from tests.support.deployed import DEFINITION, KEY, Project, url_of
from tests.support.proxy import Fault, Then, running_proxy
from tests.support.receiver import Answer, Receiver
from tests.support.stacks import Notes, apply_here, destroy_here
from tests.support.tokens import token

pytestmark = pytest.mark.slow

NAME = "supacron/dev/key"
NEW = "new-key-9f31c2"


@dataclass
class Stored:
    """The stack's config: what was stored, and whether that was undone."""

    values: list[str] = field(default_factory=list)
    failing: bool = False

    def __call__(self, value: Secret) -> Callable[[], None]:
        if self.failing:
            raise SupacronError("pulumi does not store the key")
        self.values.append(value.reveal())
        return self.values.clear


@pytest.fixture
def site(project: Project, receiver: Receiver) -> Project:
    """The function `good` takes the new key, and refuses every other but with 200 what bears the old one."""
    receiver.answers["/functions/v1/good"] = Answer(401, accept=f"Bearer {NEW}")
    return project


def run(
    database: Database,
    site: Project,
    value: str = NEW,
    stored: Store | None = None,
    url: Secret | None = None,
    **changes: Any,
) -> Rotated:
    desired = load_stack(site.stacks, "dev").desired
    rotation = replace(Rotation(desired, "key", Secret(value), "good", 86_400_000, "Ada"), **changes)
    store = stored if stored is not None else Stored()
    return rotate(url or url_of(database), site.target, rotation, store, project_ref="local", progress=Notes())


def vault(database: Database) -> dict[str, str]:
    with database.connect() as connection:
        rows = connection.execute(
            "select name, decrypted_secret from vault.decrypted_secrets where name like 'supacron/dev/%'"
        ).fetchall()
    return dict(rows)


def rotations(database: Database) -> list[tuple[object, ...]]:
    with database.connect() as connection:
        connection.execute("select supacron.end_rotations()")
        return connection.execute(
            "select vault_name, started_by, next_until is null, previous_until - now() > '23 hours'"
            " from supacron.rotation"
        ).fetchall()


def nothing_changed(database: Database, stored: Stored) -> bool:
    return vault(database) == {NAME: KEY} and rotations(database) == [] and stored.values == []


def test_a_key_that_is_proven_takes_over(database: Database, site: Project, receiver: Receiver) -> None:
    stored = Stored()
    done = run(database, site, stored=stored)
    assert (done.wrong.status, done.right.status, done.job) == (401, 200, "good")
    assert done.also == ("idle", "refused")
    assert vault(database) == {NAME: NEW, f"{NAME}/previous": KEY}
    assert rotations(database) == [(NAME, "Ada", True, True)]
    assert stored.values == [NEW]
    wrong, right = (request.headers["authorization"] for request in receiver.requests)
    assert right == f"Bearer {NEW}"
    assert wrong not in (f"Bearer {NEW}", f"Bearer {KEY}")
    assert {request.body for request in receiver.requests} == {b'{"batch_size": 20}'}
    with database.connect() as connection:
        assert connection.execute("select count(*) from supacron.run").fetchone() == (0,), "no run of the job"


def test_what_else_the_job_sends_stays(database: Database, site: Project, receiver: Receiver) -> None:
    """The key goes in two headers, and another beside it."""
    site.write(
        DEFINITION.replace("key: {env: E_KEY}\n", "key: {env: E_KEY}\n  other: {env: E_OTHER}\n").replace(
            "function: good, body",
            "function: good, auth: [{secret: key}, {secret: key, header: X-Key}, {secret: other, as: apikey}], body",
        ),
        url=receiver.url,
    )
    site.apply(database, {"key": KEY, "other": "stays"})
    run(database, site)
    wrong, right = (request.headers for request in receiver.requests)
    assert (right["authorization"], right["x-key"], right["apikey"]) == (f"Bearer {NEW}", NEW, "stays")
    assert wrong["authorization"] == f"Bearer {wrong['x-key']}"
    assert wrong["x-key"] not in (NEW, KEY)
    assert wrong["apikey"] == "stays"


def test_an_apply_with_either_value_keeps_the_new_one(database: Database, site: Project) -> None:
    run(database, site)
    desired = load_stack(site.stacks, "dev").desired
    plan = apply_here(database, desired, {"key": KEY}).plan
    assert "applied before and replaced since" in plan.warnings[0]
    assert vault(database)[NAME] == NEW
    assert not apply_here(database, desired, {"key": NEW}).wrote


def test_the_old_value_goes_when_its_grace_is_over(database: Database, site: Project) -> None:
    run(database, site, grace_ms=0)
    assert f"{NAME}/previous" in vault(database)
    with database.connect() as connection:
        connection.execute("select supacron.collect()")
    assert vault(database) == {NAME: NEW}
    assert rotations(database) == []


def test_a_second_rotation_keeps_the_newer_of_the_old_values(
    database: Database, site: Project, receiver: Receiver
) -> None:
    run(database, site)
    receiver.answers["/functions/v1/good"] = Answer(403, accept="Bearer third")
    run(database, site, "third")
    assert vault(database) == {NAME: "third", f"{NAME}/previous": NEW}
    with pytest.raises(Refused, match="applied before and replaced since"):
        run(database, site, KEY)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(200), "with a wrong key: HTTP 200, and not 401 or 403"),
        (Answer(500), "with a wrong key: HTTP 500"),
        (Answer(401), "with the new key: HTTP 401"),
        (Answer(401, accept="Bearer another"), "with the new key: HTTP 401"),
    ],
)
def test_what_is_not_proven_changes_nothing(
    database: Database, site: Project, receiver: Receiver, answer: Answer, words: str
) -> None:
    receiver.answers["/functions/v1/good"] = answer
    stored = Stored()
    with pytest.raises(Refused, match=words):
        run(database, site, stored=stored)
    assert nothing_changed(database, stored)


def test_a_receiver_that_is_not_there(database: Database, site: Project) -> None:
    with database.connect() as connection:
        connection.execute("update supacron.job set url = 'http://127.0.0.1:9/x' where name = 'good'")
    with pytest.raises(Refused, match="with a wrong key: "):
        run(database, site)
    assert vault(database) == {NAME: KEY}


def test_one_that_answers_too_late(database: Database, site: Project, receiver: Receiver) -> None:
    receiver.answers["/functions/v1/good"] = Answer(401, delay=2)
    with database.connect() as connection:
        connection.execute("update supacron.job set timeout_ms = 200 where name = 'good'")
    with pytest.raises(Refused, match="with a wrong key: timed out"):
        run(database, site)


def test_a_config_that_cannot_be_written_changes_nothing(database: Database, site: Project) -> None:
    stored = Stored(failing=True)
    with pytest.raises(SupacronError, match="does not store"):
        run(database, site, stored=stored)
    assert nothing_changed(database, stored)


@pytest.mark.parametrize(
    ("meanwhile", "words"),
    [
        ("update supacron.rotation set id = gen_random_uuid()", "another rotation of"),
        ("update supacron.rotation set next_until = null", "another rotation of"),
        (
            f"select vault.update_secret(id, 'by hand') from vault.secrets where name = '{NAME}'",
            "somebody else replaced",
        ),
    ],
)
def test_what_another_did_meanwhile_undoes_it(database: Database, site: Project, meanwhile: str, words: str) -> None:
    undone: list[bool] = []

    def store(_: Secret) -> Callable[[], None]:
        with database.connect() as connection:
            connection.execute(meanwhile.encode())
        return lambda: undone.append(True)

    before = vault(database)[NAME]
    with pytest.raises(SupacronError, match=words):
        run(database, site, stored=store)
    assert undone == [True]
    assert vault(database)[NAME] in (before, "by hand")
    assert f"{NAME}/previous" not in vault(database)


def test_what_a_client_left_that_died_goes_by_itself(database: Database, site: Project) -> None:
    class Died(BaseException):
        pass

    def store(_: Secret) -> Callable[[], None]:
        raise Died

    with database.superuser() as superuser:
        # It cannot clean up either.
        superuser.execute("create function public.no() returns trigger language plpgsql as 'begin return null; end'")
        superuser.execute("create trigger no before update on supacron.rotation execute function public.no()")
        superuser.execute(
            "create trigger not_one before update on supacron.rotation for each row execute function public.no()"
        )
        with pytest.raises(Died):
            run(database, site, stored=store)
        superuser.execute("drop function public.no() cascade")
    assert vault(database) == {NAME: KEY, f"{NAME}/next": NEW}
    with database.connect() as connection:
        connection.execute("select supacron.collect()")
        assert f"{NAME}/next" in vault(database), "its time is not over"
        connection.execute("update supacron.rotation set next_until = now() - interval '1 second'")
        connection.execute("select supacron.collect()")
    assert nothing_changed(database, Stored())


@pytest.mark.parametrize(
    ("end", "then"),
    [("begin", Then.DROP_ANSWER), *(("finish", t) for t in (Then.CUT, Then.PASS_AND_CUT, Then.DROP_ANSWER))],
)
def test_the_answer_to_commit_is_lost(
    database: Database, site: Project, receiver: Receiver, end: str, then: Then
) -> None:
    """At either end of a rotation: what was committed before the cut is looked for, and not done again."""
    stored, fault = Stored(), Fault(None, then)

    def store(value: Secret) -> Callable[[], None]:
        proxy.fault = fault
        return stored(value)

    with running_proxy(database.url, fault if end == "begin" else None) as proxy:
        done = run(database, site, url=Secret(proxy.url), stored=store)
        assert proxy.struck
    assert (done.wrong.status, done.right.status, len(receiver.requests)) == (401, 200, 2)
    assert vault(database) == {NAME: NEW, f"{NAME}/previous": KEY}
    assert rotations(database) == [(NAME, "Ada", True, True)]
    assert stored.values == [NEW]
    with database.connect() as connection:
        held = connection.execute("select previous_until from supacron.rotation").fetchone()
    assert held == (done.previous_until,)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"name": "kee"}, SupacronError, "no secret 'kee'"),
        ({"value": ""}, Usage, "empty"),
        ({"value": "a\0b"}, Usage, "Postgres can store"),
        ({"value": KEY}, Refused, "holds already"),
        ({"value": token("anon", ref="another")}, Refused, "a key of project another"),
        ({"job": None}, Usage, "good, idle, refused send key"),
        ({"job": "nightly"}, Usage, "nightly does not send"),
    ],
)
def test_what_is_refused_at_once(
    database: Database,
    site: Project,
    receiver: Receiver,
    changes: dict[str, Any],
    error: type[SupacronError],
    words: str,
) -> None:
    with pytest.raises(error, match=words):
        run(database, site, **changes)
    assert receiver.requests == []
    assert nothing_changed(database, Stored())


def test_without_a_job_or_a_value_there_is_nothing_to_rotate(database: Database, site: Project) -> None:
    with database.connect() as connection:
        connection.execute("delete from vault.secrets where name = %s", [NAME])
        with pytest.raises(Refused, match="nothing to replace"):
            run(database, site)
        connection.execute("update supacron.job set auth = null")
        with pytest.raises(Refused, match="no job of dev sends"):
            run(database, site)


@pytest.mark.parametrize("suffix", ["next", "previous"])
def test_a_name_that_is_somebody_elses_is_left_alone(database: Database, site: Project, suffix: str) -> None:
    with database.connect() as connection:
        connection.execute("select vault.create_secret('theirs', %s)", [f"{NAME}/{suffix}"])
    with pytest.raises(Refused, match=f"{suffix}, which no rotation made"):
        run(database, site)
    assert vault(database)[f"{NAME}/{suffix}"] == "theirs"


def test_a_copy_of_the_database_calls_nothing(database: Database, site: Project, receiver: Receiver) -> None:
    with database.connect() as connection:
        connection.execute("update supacron.runtime set system_identifier = '1'")
    with pytest.raises(SupacronError, match="this database is a copy"):
        run(database, site)
    assert (receiver.requests, vault(database)) == ([], {NAME: KEY})


def test_a_destroy_with_data_takes_all_of_it_along(database: Database, site: Project) -> None:
    run(database, site)
    destroy_here(database, load_stack(site.stacks, "dev").desired, with_data=True)
    with psycopg.connect(database.superuser_url) as connection:
        assert connection.execute("select name from vault.secrets").fetchall() == []
