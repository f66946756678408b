"""The functions of this repository, as the shipped stacks deploy them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from local.management_api import Project, running_api
from supacron.deploy.deploy import with_digests
from supacron.load.files import load_stack
from supacron.model.functions import Deployment
from tests.support.command import supacron
from tests.support.engine import ROOT
from tests.support.supabase import TOKEN, cli_environment


def deployment(stack: str) -> Deployment:
    found = load_stack(ROOT / "stacks", stack).deployment
    assert found is not None
    return with_digests(ROOT, found)


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_verify_jwt_is_what_the_local_gateway_has(stack: str) -> None:
    local = tomllib.loads((ROOT / "functions" / "config.toml").read_text())["functions"]
    assert {name: each.verify_jwt for name, each in deployment(stack).functions.items()} == {
        name: settings["verify_jwt"] for name, settings in local.items()
    }


def test_the_local_stack_deploys_none() -> None:
    assert load_stack(ROOT / "stacks", "local").deployment is None


@pytest.mark.slow
def test_both_are_whole_when_they_are_deployed(tmp_path: Path) -> None:
    wanted = deployment("prod")
    project = Project(wanted.project_ref, TOKEN)
    with running_api(project, tmp_path) as api:
        environment = {**cli_environment(api), "SUPACRON_SECRETS": json.dumps({"batch_processor_key": "canary"})}
        done = supacron("functions", "deploy", "--stdin", cwd=ROOT, env=environment, stdin=wanted.to_json())
    assert done.code == 0, done.err
    assert project.secrets == {"BATCH_PROCESSOR_KEY": "canary"}
    assert {name: each.verify_jwt for name, each in project.functions.items()} == {
        "batch-processor": False,
        "check-batch-status": False,
    }
    assert not [path for each in project.functions.values() for path in each.bundle.files if "test" in path]
