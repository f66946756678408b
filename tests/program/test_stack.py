"""What the program declares, seen through Pulumi's mocks: no engine, no database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

import supacron
from supacron.operate.environment import RELEASE, REPAIR, SECRETS, STACK_URL
from supacron.program.stack import Stack
from tests.program.project import CONFIG, JOB, ONE_JOB

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
KEYED: dict[str, Any] = {
    "secrets": {"key": {"description": "A key."}, "other": {"env": "SUPACRON_TEST_KEY"}},
    "jobs": {
        JOB: {**ONE_JOB["jobs"][JOB], "auth": {"secret": "key"}, "owner": "platform"},
        "nightly": {"schedule": "0 1 * * *", "sql": "select 1"},
    },
}


class Recorded(pulumi.runtime.Mocks):
    """Every resource that was registered, by type."""

    def __init__(self) -> None:
        self.resources: dict[str, dict[str, Any]] = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.resources.setdefault(args.typ, {})[args.name] = args.inputs
        return f"{args.name}-id", args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"nothing is invoked: {args.token}")

    @property
    def command(self) -> dict[str, Any]:
        found: dict[str, Any] = self.resources["command:local:Command"]["apply"]
        return found


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    for name in ("SUPACRON_DATABASE_URL", "SUPACRON_TEST_KEY"):
        monkeypatch.delenv(name, raising=False)
    mocks = Recorded()
    pulumi.runtime.set_mocks(mocks, project="shop", stack="test", preview=False)
    return mocks


def configure(values: Mapping[str, Any], *secret: str) -> None:
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    pulumi.runtime.set_all_config({**CONFIG, **texts}, [f"supacron:{name}" for name in secret])


def declare(**arguments: Any) -> Stack:
    """Declares a Stack and lets everything register that it declares."""
    made: list[Stack] = []

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def program() -> None:
        made.append(supacron.Stack(**arguments))

    program()
    return made[0]


def test_what_is_secret_is_marked_as_secret(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPACRON_TEST_KEY", "canary-env")
    url = "postgresql://postgres:canary-url@127.0.0.1:1/postgres"
    configure({"supacron:databaseUrl": url, "supacron:secrets": {"key": "canary-config"}}, "databaseUrl", "secrets")
    declare(definition=KEYED)
    # Mocks see the whole mapping as secret when one value in it is.
    environment = recorded.command["environment"]
    assert environment[SIGNATURE] == SECRET_SIGNATURE
    assert environment["value"][STACK_URL] == url
    assert json.loads(environment["value"][SECRETS]) == {"key": "canary-config"}
    assert set(environment["value"]) == {STACK_URL, SECRETS, RELEASE, REPAIR}
    plain = json.dumps({**recorded.resources, "command:local:Command": {**recorded.command, "environment": None}})
    assert "canary" not in plain


def test_one_command_and_a_component_for_each(recorded: Recorded) -> None:
    configure({})
    stack = declare(definition=KEYED, name="mine")
    assert stack.schedules == {JOB: "*/30 * * * *", "nightly": "0 1 * * *"}
    assert set(recorded.resources["supacron:index:Stack"]) == {"mine"}
    assert recorded.resources["supacron:index:CronJob"] == {
        JOB: {
            "schedule": "*/30 * * * *",
            "enabled": True,
            "owner": "platform",
            "method": "POST",
            "url": "http://127.0.0.1:54321/functions/v1/batch-processor",
            "headers": {"Content-Type": "application/json"},
            "body": {"batch_size": 20},
            "timeout": "30s",
            "auth": ["Authorization: Bearer <key>"],
        },
        "nightly": {"schedule": "0 1 * * *", "enabled": True, "sql": "select 1"},
    }
    assert recorded.resources["supacron:index:Secret"] == {
        "key": {"vaultName": "supacron/test/key", "source": "stack config", "description": "A key."},
        "other": {"vaultName": "supacron/test/other", "source": "environment variable SUPACRON_TEST_KEY"},
    }
    assert set(recorded.command) == {
        "create",
        "delete",
        "stdin",
        "environment",
        "logging",
        "addPreviousOutputInEnv",
    }
    assert set(recorded.command["environment"]) == {RELEASE, REPAIR}
    assert recorded.command["logging"] == "stderr"


def test_an_alert_is_shown_as_it_was_written(recorded: Recorded) -> None:
    configure({"supacron:secrets": {"hook": "https://example.com/x"}}, "secrets")
    failing = {"when": {"run_failures": {"over_percent": 20, "jobs": ["a"]}}, "webhook": "hook", "for": "10m"}
    jobs = {"a": {"schedule": "0 1 * * *", "sql": "select 1", "late_after": 5}}
    declare(definition={"secrets": {"hook": {}}, "alerts": {"failing": failing}, "jobs": jobs})
    assert recorded.resources["supacron:index:Alert"] == {
        "failing": {
            "when": {"run_failures": {"over_percent": 20, "window": "1h", "at_least": 1, "jobs": ["a"]}},
            "webhook": "hook",
            "format": "json",
            "for": "10m",
            "clearFor": "5m",
            "repeat": "4h",
        }
    }
    assert recorded.resources["supacron:index:CronJob"]["a"]["lateAfter"] == 5


def test_the_file_of_the_stack(recorded: Recorded, tmp_path: Path) -> None:
    """`directory` holds the definition; another one may be named."""
    configure({"supacron:overrides": {"jobs": {"nightly": {"schedule": "0 2 * * *"}}}})
    (tmp_path / "test.yaml").write_text("jobs:\n  nightly: {schedule: 0 1 * * *, sql: select 1}\n")
    assert declare(directory=tmp_path).schedules == {"nightly": "0 2 * * *"}
    applied = json.loads(recorded.command["stdin"])
    assert applied["jobs"]["nightly"]["schedule"] == "0 2 * * *"
    assert applied["source"]["overrides"] == {"jobs": {"nightly": {"schedule": "0 2 * * *"}}}


def test_pulumis_own_file_is_read_where_it_is_in_use(recorded: Recorded, tmp_path: Path) -> None:
    """Mistakes have lines then, and numbers their digits; another file's content does not matter."""
    (tmp_path / "test.yaml").write_text("jobs:\n  a: {schedule: 0 1 * * *, function: f, body: {}}\n")
    file = tmp_path / "Pulumi.test.yaml"
    text = "config:\n  supacron:projectRef: REF\n  supacron:projectUrl: http://127.0.0.1:54321\n"
    text += "  supacron:overrides:\n    jobs:\n      a: {body: {id: 12345678901234567890, list: [1.5, null]}}\n"
    as_pulumi_has_it = {"jobs": {"a": {"body": {"id": 12345678901234567168, "list": [1.5, None]}}}}
    configure({"supacron:overrides": as_pulumi_has_it})

    file.write_text(text.replace("REF", "local"))
    declare(directory=tmp_path)
    assert "12345678901234567890" in recorded.command["stdin"]

    file.write_text(text.replace("REF", "local").replace("[1.5, null]", "[true]"))
    declare(directory=tmp_path)
    assert "12345678901234567168" in recorded.command["stdin"]

    file.write_text(text.replace("REF", "elsewhere"))
    declare(directory=tmp_path)
    assert "12345678901234567168" in recorded.command["stdin"]

    file.write_text("config: []\n")
    declare(directory=tmp_path)
    assert "12345678901234567168" in recorded.command["stdin"]

    file.write_text("config: {\n")
    with pytest.raises(pulumi.RunError, match=r"Pulumi\.test\.yaml:2:1"):
        declare(directory=tmp_path)


def test_outputs_are_no_definitions(recorded: Recorded) -> None:
    configure({})
    unknown = pulumi.Output.from_input("https://example.com")
    job = {"schedule": "0 1 * * *", "url": unknown, "headers": {"X-A": unknown}, "body": [1, unknown]}
    with pytest.raises(pulumi.RunError) as refused:
        declare(definition={"jobs": {"a": job}})
    for place in ("jobs.a.url", "jobs.a.headers.X-A", "jobs.a.body[1]"):
        assert f"{place}: is a Pulumi output" in str(refused.value)
    assert "command:local:Command" not in recorded.resources


@pytest.mark.usefixtures("recorded")
def test_overrides_hold_no_secret() -> None:
    configure({"supacron:overrides": {"jobs": {JOB: {"body": {"key": "canary-4"}}}}}, "overrides")
    with pytest.raises(pulumi.RunError, match="an encrypted value in overrides") as refused:
        declare(definition=ONE_JOB)
    assert "canary" not in str(refused.value)


@pytest.mark.usefixtures("recorded")
def test_secrets_of_the_wrong_form() -> None:
    configure({"supacron:secrets": ["canary-1"]}, "secrets")
    with pytest.raises(pulumi.RunError, match="must be a mapping") as refused:
        declare(definition=ONE_JOB)
    assert "canary" not in str(refused.value)
    configure({"supacron:secrets": {"key": {"deep": "canary-2"}, "other": "canary-3"}}, "secrets")
    with pytest.raises(pulumi.RunError, match=r"supacron:secrets\.key: a secret in plain text") as refused:
        declare(definition=KEYED)
    assert "canary" not in str(refused.value)


def test_the_package_has_one_name_more(recorded: Recorded) -> None:
    assert supacron.Stack is Stack
    with pytest.raises(AttributeError, match="no attribute 'Job'"):
        _ = supacron.Job
    assert recorded.resources == {}
