"""The workflows: what they may do, with which secrets, and that each step is a make target that runs anywhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / ".github").glob("*/*.yml"))
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text()) for path in FILES}
TARGETS = set(re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE))
# What a job may do beyond reading the repository.
WRITES = {("pull-request", "preview"): {"pull-requests"}, ("promote", "promote"): {"contents", "pull-requests"}}
JOBS = [(name, job) for name, workflow in WORKFLOWS.items() for job in workflow["jobs"]]


def job_of(workflow: str, job: str) -> dict[str, Any]:
    found: dict[str, Any] = WORKFLOWS[workflow]["jobs"][job]
    return found


def test_every_action_is_pinned() -> None:
    texts = [path.read_text() for path in (*FILES, ROOT / ".github/actions/setup/action.yml")]
    used = [line.strip() for text in texts for line in text.splitlines() if re.match(r"\s*(- )?uses:", line)]
    assert len(used) > 10
    pinned = re.compile(r"(- )?uses: (\./\.github/actions/\w+|[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)")
    assert [line for line in used if not pinned.fullmatch(line)] == []


@pytest.mark.parametrize(("workflow", "job"), JOBS)
def test_permissions(workflow: str, job: str) -> None:
    assert WORKFLOWS[workflow]["permissions"] == {"contents": "read"}
    given = job_of(workflow, job).get("permissions", {})
    assert {name for name, level in given.items() if level == "write"} == WRITES.get((workflow, job), set())


@pytest.mark.parametrize(("workflow", "job"), JOBS)
def test_secrets_are_those_of_an_environment(workflow: str, job: str) -> None:
    found = job_of(workflow, job)
    assert ("secrets." in yaml.safe_dump(found)) == ("environment" in found)


@pytest.mark.parametrize(("workflow", "job"), JOBS)
def test_one_at_a_time(workflow: str, job: str) -> None:
    groups = [each["concurrency"] for each in (WORKFLOWS[workflow], job_of(workflow, job)) if "concurrency" in each]
    assert groups or (workflow, job) == ("deploy", "which")
    # A run that changes a database is never cut short.
    assert all(not group["cancel-in-progress"] for group in groups) or workflow in ("ci", "pull-request")


@pytest.mark.parametrize(("workflow", "job"), [each for each in JOBS if each[0] != "ci"])
def test_every_step_is_a_make_target(workflow: str, job: str) -> None:
    commands = [step["run"] for step in job_of(workflow, job)["steps"] if "run" in step]
    assert commands
    for command in commands:
        # Values come in by variables: an expression in a command would be run.
        found = re.fullmatch(r"make ([a-z-]+)(?: [A-Z]+=(?:[\w.]+|\"(?:origin/)?\$\w+\"))*", command)
        assert found, command
        assert found[1] in TARGETS


def test_a_fork_needs_no_secret() -> None:
    assert "environment" not in job_of("pull-request", "check")
    assert "head.repo.full_name == github.repository" in job_of("pull-request", "preview")["if"]
    assert "pull_request_target" not in "".join(path.read_text() for path in FILES)
