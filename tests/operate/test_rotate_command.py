"""`supacron rotate` as a person runs it: the real engine keeps the value, and nothing shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from supacron.errors import ExitCode
from supacron.load.files import load_stack
from tests.support.command import Ended, supacron
from tests.support.database import Database
from tests.support.deployed import DEFINITION, KEY, Project
from tests.support.engine import Engine
from tests.support.receiver import Answer, Receiver
from tests.support.stacks import apply_here

pytestmark = pytest.mark.slow

NEW = "new-key-9f31c2"
NAME = "supacron/dev/key"


@pytest.fixture
def engine(tmp_path: Path, database: Database, receiver: Receiver) -> Engine:
    """The stack `dev` with its key in encrypted config, applied; its function takes the new key, too."""
    project = Project(tmp_path / "project")
    project.root.mkdir()
    project.write(DEFINITION.replace("{env: E_KEY}", "{}"), url=receiver.url)
    engine = Engine(tmp_path / "engine", project.root, {"SUPACRON_DATABASE_URL": database.url})
    engine.ok("stack", "init", "dev")
    engine.ok("config", "set", "--stack", "dev", "--secret", "--path", "supacron:secrets.key", KEY)
    apply_here(database, load_stack(project.stacks, "dev").desired, {"key": KEY})
    receiver.answers["/functions/v1/good"] = Answer(401, accept=f"Bearer {NEW}", echo=True)
    return engine


def rotate(engine: Engine, *arguments: str, value: str = NEW, **more: str) -> Ended:
    environment = {**engine.variables, **more}
    ended = supacron(
        "rotate", "key", "--stack", "dev", *arguments, cwd=engine.project, env=environment, stdin=f"{value}\n"
    )
    assert "Traceback" not in ended.err
    for key in (KEY, value):
        assert key not in ended.out + ended.err
    return ended


def configured(engine: Engine) -> str:
    return engine.ok("config", "get", "--stack", "dev", "--path", "supacron:secrets.key").strip()


def test_config_and_vault_hold_the_new_value(engine: Engine, database: Database) -> None:
    ended = rotate(engine, "--job", "good", "--grace", "2h")
    assert ended.code == 0, ended.err
    assert "good with a wrong key: HTTP 401; with the new one: HTTP 200" in ended.out
    assert "It is also sent by idle, refused, which were not called." in ended.out
    assert f"Vault keeps the old value as {NAME}/previous until " in ended.out
    assert configured(engine) == NEW
    with database.connect() as connection:
        row = connection.execute("select decrypted_secret from vault.decrypted_secrets where name = %s", [NAME])
        assert row.fetchone() == (NEW,)
    assert NEW not in (engine.project / "stacks" / "Pulumi.dev.yaml").read_text()


def test_a_refusal_leaves_the_files_as_they_were(engine: Engine, receiver: Receiver) -> None:
    before = (engine.project / "stacks" / "Pulumi.dev.yaml").read_bytes()
    receiver.answers["/functions/v1/good"] = Answer(401)
    ended = rotate(engine, "--job", "good")
    assert ended.code == ExitCode.REFUSED
    assert "good with the new key: HTTP 401; nothing was changed" in ended.err
    assert (engine.project / "stacks" / "Pulumi.dev.yaml").read_bytes() == before


def test_a_move_that_fails_puts_the_config_back(engine: Engine, database: Database) -> None:
    before = (engine.project / "stacks" / "Pulumi.dev.yaml").read_bytes()
    with database.superuser() as superuser:
        superuser.execute("alter table supacron.secret_version add constraint full_up check (false) not valid")
    ended = rotate(engine, "--job", "good")
    assert (ended.code, "full_up" in ended.err) == (1, True)
    assert (engine.project / "stacks" / "Pulumi.dev.yaml").read_bytes() == before


def test_without_pulumi_nothing_is_called(engine: Engine, receiver: Receiver, tmp_path: Path) -> None:
    ended = rotate(engine, "--job", "good", PATH=str(tmp_path))
    assert "pulumi is not on PATH" in ended.err
    assert receiver.requests == []


def test_a_value_of_the_environment_is_told_to_be_set_there(engine: Engine) -> None:
    path = engine.project / "stacks" / "dev.yaml"
    path.write_text(path.read_text().replace("key: {}", "key: {env: E_KEY}"))
    engine.ok("config", "rm", "--stack", "dev", "--path", "supacron:secrets.key")
    ended = rotate(engine, "--job", "good")
    assert ended.code == 0, ended.err
    assert "Set E_KEY to it wherever that is kept" in ended.out


def test_as_json(engine: Engine) -> None:
    data = rotate(engine, "--job", "good", "--json", "--by", "Ada").data
    assert (data["secret"], data["status_with_a_wrong_key"], data["status_with_the_new_key"]) == ("key", 401, 200)
    assert data["previous_until"].endswith("Z")
