"""No value of a secret is on the console, in the state, or anywhere else that Pulumi writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.program.project import CHANGED, JOB, ONE_JOB, Project

pytestmark = pytest.mark.slow

CONFIGURED = "canary-of-config-7141"
FROM_ENVIRONMENT = "canary-of-env-7142"
PASSWORD = "canary-of-url-7143"
CANARIES = (CONFIGURED, FROM_ENVIRONMENT, PASSWORD)
VALUES = "select name, decrypted_secret from vault.decrypted_secrets where name like 'supacron/test/%' order by 1"


@pytest.fixture
def keyed(project: Project) -> Project:
    """A stack with a secret of either source and the database's URL in its configuration."""
    job = ONE_JOB["jobs"][JOB]
    project.define(
        {
            "secrets": {"configured": {}, "variable": {"env": "MY_KEY"}},
            "jobs": {
                JOB: {**job, "auth": {"secret": "configured"}},
                "other": {**job, "auth": {"secret": "variable", "header": "X-Key"}},
            },
        }
    )
    project.environment["MY_KEY"] = FROM_ENVIRONMENT
    project.query(f"create role caller login password '{PASSWORD}' in role postgres")
    project.query("alter role caller set role postgres")
    url = project.environment.pop("SUPACRON_DATABASE_URL").replace("postgres:postgres", f"caller:{PASSWORD}")
    project.config("set", "--secret", "--path", "supacron:secrets.configured", CONFIGURED)
    project.config("set", "--secret", "supacron:databaseUrl", url)
    return project


def assert_hidden(*texts: str) -> None:
    for text in texts:
        for canary in CANARIES:
            assert canary not in text


def test_a_canary_is_nowhere(keyed: Project, tmp_path: Path) -> None:
    log = tmp_path / "events.json"
    keyed.environment["PULUMI_DEBUG_COMMANDS"] = "1"  # without it there is no --event-log
    assert_hidden(
        keyed.preview("--diff"),
        keyed.preview("--json"),
        keyed.up("--diff", "--event-log", str(log)),
        keyed.up("--expect-no-changes"),
    )
    assert keyed.query(VALUES) == [
        ("supacron/test/configured", CONFIGURED),
        ("supacron/test/variable", FROM_ENVIRONMENT),
    ]
    environment = keyed.command()["inputs"]["environment"]
    outputs = keyed.command()["outputs"]
    assert [name for name in ("stdout", "stderr") if not isinstance(outputs[name], dict)] == [], "they are secret, too"
    assert_hidden(json.dumps(keyed.state()))
    assert {name for name, value in environment.items() if isinstance(value, dict)} == {
        "SUPACRON_SECRETS",
        "SUPACRON_STACK_DATABASE_URL",
    }

    # A new value shows as a change, without either value.
    keyed.config("set", "--secret", "--path", "supacron:secrets.configured", f"{CONFIGURED}-new")
    shown = keyed.preview("--diff")
    assert "~ secret configured (new value)" in shown
    assert "SUPACRON_SECRETS" in shown
    assert_hidden(shown, keyed.up("--diff"), keyed.destroy("--diff"))

    kept = [path for folder in (keyed.home, keyed.folder) for path in folder.rglob("*") if path.is_file()]
    assert log.exists()
    assert any(path.name.startswith("test") and "state" in path.parts for path in kept)
    for path in [*kept, log]:
        assert_hidden(path.read_bytes().decode(errors="replace"))


def test_a_canary_is_in_no_failure(keyed: Project) -> None:
    keyed.up()
    definition = (keyed.folder / "stacks" / "test.yaml").read_text()
    keyed.define(definition.replace("*/30", "*/15"))
    keyed.config("set", "--secret", "--path", "supacron:secrets.configured", f"{CONFIGURED}-new")

    # The statement fails with the value in its row.
    keyed.query(
        "create function public.refuse() returns trigger language plpgsql as"
        " $$ begin raise exception 'no: %', new; end $$;"
        "create trigger refuse before update on vault.secrets for each row execute function public.refuse()"
    )
    try:
        failed = keyed.fails("up", "--yes", "--skip-preview", "--diff")
    finally:
        keyed.query("drop trigger refuse on vault.secrets")
    assert "could not write secrets to Vault" in failed
    assert_hidden(failed)

    # The password is wrong: the preview says so, the update fails.
    keyed.query("alter role caller password 'another'")
    assert_hidden(keyed.preview("--diff"))
    failed = keyed.fails("up", "--yes", "--skip-preview")
    assert "password authentication failed" in failed
    assert_hidden(failed)

    # The URL cannot be read at all: the password is half of a host then.
    url = f"postgresql://postgres:it-is@{PASSWORD}@127.0.0.1:1/postgres"
    keyed.config("set", "--secret", "supacron:databaseUrl", url)
    failed = keyed.fails("up", "--yes", "--skip-preview")
    assert "not of the form postgresql://" in failed
    assert_hidden(failed)


def test_a_canary_is_in_no_refusal(keyed: Project) -> None:
    with keyed.database.connect() as connection:
        connection.execute("select vault.create_secret('by hand', 'supacron/test/configured')")
    refused = keyed.fails("preview", "--diff")
    assert "Vault already holds another value as supacron/test/configured" in refused
    assert_hidden(refused)


def test_configuration_that_is_no_mapping(project: Project) -> None:
    project.define(CHANGED)
    project.config("set", "--secret", "supacron:secrets", CONFIGURED)
    shown = project.fails("preview")
    assert "supacron:secrets" in shown
    assert_hidden(shown)
