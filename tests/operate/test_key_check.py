"""`supacron validate --secrets`, by the real engine: the keys of several stacks' encrypted config."""

from __future__ import annotations

from pathlib import Path

import pytest

from supacron.errors import ExitCode
from tests.support.command import Ended, supacron
from tests.support.engine import Engine
from tests.support.tokens import token

pytestmark = pytest.mark.slow

PROD, STAGING = "abcdefghijklmnopqrst", "tsrqponmlkjihgfedcba"
SHARED = "one-key-for-both-4711"


def write(folder: Path, stack: str, ref: str, slots: str) -> None:
    (folder / f"{stack}.yaml").write_text(f"secrets: {{{slots}}}\n")
    (folder / f"Pulumi.{stack}.yaml").write_text(
        f"config:\n  supacron:projectRef: {ref}\n  supacron:projectUrl: https://{ref}.supabase.co\n"
    )


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """The stacks prod and staging with a key in common, and staging with one of prod's besides."""
    project = tmp_path / "project"
    folder = project / "stacks"
    folder.mkdir(parents=True)
    (project / "Pulumi.yaml").write_text("name: try\nruntime: python\nstackConfigDir: stacks\n")
    write(folder, "prod", PROD, "cron: {}, service: {role: service_role}")
    write(folder, "staging", STAGING, "cron: {}, service: {}")
    found = Engine(tmp_path / "engine", project)
    for stack in ("prod", "staging"):
        found.ok("stack", "init", stack)
        for name, value in (("cron", SHARED), ("service", token("service_role", ref=PROD, iss="supabase"))):
            path = f"supacron:secrets.{name}"
            found.ok("config", "set", "--stack", stack, "--secret", "--path", path, value)
    return found


def check(engine: Engine, *arguments: str) -> Ended:
    ended = supacron("validate", *arguments, cwd=engine.project, env=engine.variables)
    assert SHARED not in ended.out + ended.err
    assert "eyJ" not in ended.out + ended.err
    return ended


def test_nothing_is_decrypted_unless_asked(engine: Engine) -> None:
    assert check(engine).code == 0


def test_shared_and_foreign_keys_are_found_over_all_stacks(engine: Engine) -> None:
    ended = check(engine, "--secrets", "--json")
    assert ended.code == ExitCode.INVALID
    found = {stack["stack"]: stack["mistakes"] for stack in ended.data["stacks"]}
    assert [(each["path"], each["message"]) for each in found["staging"]] == [
        ("secrets.cron", "the value is that of the secret cron of the stack prod"),
        ("secrets.service", f"the value is a key of project {PROD}, and this stack is for project {STAGING}"),
        ("secrets.service", "the value is that of the secret service of the stack prod"),
    ]
    assert [each["path"] for each in found["prod"]] == ["secrets.cron", "secrets.service"]


def test_one_stack_is_compared_with_the_others_and_its_reasons_hold(engine: Engine) -> None:
    allow = "allow: [{rule: shared-value, reason: one receiver}]"
    write(engine.project / "stacks", "prod", PROD, f"cron: {{{allow}}}")
    path = "supacron:secrets.cron"
    engine.ok("config", "set", "--stack", "prod", "--secret", "--path", path, SHARED)
    ended = check(engine, "--secrets", "--stack", "prod")
    assert (ended.code, "; allowed: one receiver" in ended.out) == (0, True)


def test_a_stack_that_cannot_be_decrypted_is_said(engine: Engine) -> None:
    engine.ok("stack", "rm", "--yes", "staging", "--preserve-config")
    ended = check(engine, "--secrets", "--stack", "prod")
    assert ended.code == 0
    assert "staging: its keys were not looked at" in ended.err
    ended = check(engine, "--secrets", "--stack", "staging")
    assert ended.code == ExitCode.FAILED


def test_a_stack_with_mistakes_is_said(engine: Engine) -> None:
    (engine.project / "stacks" / "staging.yaml").write_text("jobs: {a: {}}\n")
    ended = check(engine, "--secrets")
    assert ended.code == ExitCode.INVALID
    assert "staging: its keys were not looked at: its files hold mistakes" in ended.err
    assert "prod: its keys" not in ended.err
