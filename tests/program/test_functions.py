"""A stack that deploys functions: what is declared, and what a real engine and the real Supabase CLI make of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest

from local.management_api import Api, Refused
from tests.program.project import ONE_JOB, Project
from tests.program.test_stack import SECRET_SIGNATURE, SIGNATURE, Recorded, configure, declare, recorded
from tests.support.supabase import REF, TOKEN, cli_environment, management_api

__all__ = ["recorded"]

CANARY = "canary-of-function-5150"
DEFINITION: dict[str, Any] = {
    "secrets": {"key": {"vault": False}},
    "functions": {
        "deploy": {"hello": {"verify_jwt": False}, "guarded": {"verify_jwt": True}},
        "secrets": {"HELLO_KEY": "key"},
        "variables": {"GREETING": "hello"},
    },
    **ONE_JOB,
}


def write_functions(folder: Path) -> None:
    for slug in ("hello", "guarded", "_shared"):
        (folder / "functions" / slug).mkdir(parents=True)
        (folder / "functions" / slug / "index.ts").write_text(f"// {slug}\n")


def test_what_is_declared(recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_functions(tmp_path)
    monkeypatch.chdir(tmp_path)
    values = {"supacron:projectRef": REF, "supacron:accessToken": TOKEN, "supacron:secrets": {"key": CANARY}}
    configure(values, "accessToken", "secrets")
    declare(definition=DEFINITION)
    command = recorded.resources["command:local:Command"]["deploy-functions"]
    assert command["logging"] == "none"
    assert command["create"].endswith("exec supacron functions deploy --stdin")
    assert command["delete"].endswith("exec supacron functions destroy")
    environment = command.pop("environment")
    assert environment[SIGNATURE] == SECRET_SIGNATURE
    assert environment["value"]["SUPACRON_STACK_ACCESS_TOKEN"] == TOKEN
    assert json.loads(environment["value"]["SUPACRON_SECRETS"]) == {"key": CANARY}
    assert {name: each["verifyJwt"] for name, each in recorded.resources["supacron:index:Function"].items()} == {
        "hello": False,
        "guarded": True,
    }
    assert "supacron:index:Secret" not in recorded.resources, "it is kept out of Vault"
    shown = json.dumps(recorded.resources)
    assert TOKEN not in shown
    assert CANARY not in shown
    assert str(tmp_path) not in shown


def test_sources_that_are_not_there(recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    configure({"supacron:projectRef": REF})
    with pytest.raises(pulumi.RunError, match=r"functions\.directory: functions is not there"):
        declare(definition=DEFINITION)
    assert "command:local:Command" not in recorded.resources


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with management_api(tmp_path) as api:
        yield api


@pytest.mark.slow
def test_functions_are_deployed_with_the_stack(project: Project, api: Api) -> None:
    write_functions(project.folder)
    project.define(DEFINITION)
    project.configure(projectRef=REF)
    given = cli_environment(api)
    project.environment |= {"SUPABASE_PROFILE": given["SUPABASE_PROFILE"], "PATH": _path(project, given)}
    project.config("set", "--secret", "supacron:accessToken", TOKEN)
    project.config("set", "--secret", "--path", "supacron:secrets.key", CANARY)
    deployed = api.project.functions

    # A deployment that fails leaves the database alone: its schedules would call what is not there.
    api.project.failing[f"POST /v1/projects/{REF}/secrets"] = Refused(403, f"not with {TOKEN} for {CANARY}")
    failed = project.fails("up", "--yes", "--skip-preview", "--diff")
    assert "could not set the function secrets" in failed
    assert "********" in failed
    assert project.cron_jobs() == {}
    api.project.failing.clear()

    shown = project.up("--diff")
    assert {name: each.verify_jwt for name, each in deployed.items()} == {"hello": False, "guarded": True}
    assert api.project.secrets == {"HELLO_KEY": CANARY, "GREETING": "hello"}
    assert len(project.cron_jobs()) == 1
    before = list(api.project.calls)
    project.unchanged()

    # A change of one function's source shows as that, and deploys; the database has nothing to do.
    (project.folder / "functions" / "hello" / "index.ts").write_text("// changed\n")
    assert project.changes() == {
        "Command deploy-functions update": ("stdin",),
        "Function hello update": (),
    }
    assert api.project.calls == before, "a preview calls nothing"
    shown += project.up("--diff")
    assert deployed["hello"].version == 2
    project.unchanged()

    # They stay deployed unless a destroy is told to delete them.
    shown += project.destroy("--diff")
    assert set(deployed) == {"hello", "guarded"}

    shown += failed + json.dumps(project.state())
    for path in (*project.home.rglob("*"), *project.folder.rglob("*")):
        shown += path.read_bytes().decode(errors="replace") if path.is_file() else ""
    assert CANARY not in shown
    assert TOKEN not in shown


def _path(project: Project, given: dict[str, str]) -> str:
    """The engine's own, then what has the Supabase CLI."""
    return os.pathsep.join([project.engine.variables["PATH"], given["PATH"]])
