"""Keys go into encrypted config, by the real engine, and stand nowhere else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from supacron.errors import SupacronError
from supacron.operate.stack_config import store_keys
from supacron.secret import Secret
from tests.adopt.conftest import Files
from tests.support.engine import Engine
from tests.support.tokens import token

pytestmark = pytest.mark.slow

KEY = Secret(token("service_role"))


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "project")


@pytest.fixture
def engine(files: Files, tmp_path: Path) -> Engine:
    files.write()
    return Engine(tmp_path / "engine", files.root)


def refused(files: Files, environ: Mapping[str, str]) -> SupacronError:
    with pytest.raises(SupacronError) as error:
        store_keys(files.target, {"service_role_key": KEY}, environ)
    assert KEY.reveal() not in str(error.value)
    return error.value


def test_a_key_is_encrypted(engine: Engine, files: Files) -> None:
    engine.ok("stack", "init", "dev")
    store_keys(
        files.target, {"service_role_key": KEY, "other_key": Secret("with spaces: and 'quotes'")}, engine.variables
    )
    assert "secure:" in (files.stacks / "Pulumi.dev.yaml").read_text()
    assert KEY.reveal() not in (files.stacks / "Pulumi.dev.yaml").read_text()
    shown = engine.ok("config", "get", "--stack", "dev", "--path", "supacron:secrets.service_role_key")
    assert shown.strip() == KEY.reveal()
    shown = engine.ok("config", "get", "--stack", "dev", "--path", "supacron:secrets.other_key")
    assert shown.strip() == "with spaces: and 'quotes'"


def test_nothing_to_store_needs_no_engine(files: Files) -> None:
    store_keys(files.target, {}, {})


def test_a_stack_that_is_not_there(engine: Engine, files: Files) -> None:
    (engine.directory / "state").mkdir(parents=True)
    assert refused(files, engine.variables).remedy == "Make the stack first: pulumi stack init dev"


def test_no_passphrase(engine: Engine, files: Files) -> None:
    engine.ok("stack", "init", "dev")
    without = {name: value for name, value in engine.variables.items() if name != "PULUMI_CONFIG_PASSPHRASE"}
    assert "PULUMI_CONFIG_PASSPHRASE" in refused(files, without).remedy


def test_no_engine(files: Files, tmp_path: Path) -> None:
    files.write()
    assert "pulumi is not on PATH" in refused(files, {"PATH": str(tmp_path)}).message


def test_no_project(files: Files, engine: Engine) -> None:
    (files.root / "Pulumi.yaml").unlink()
    assert "no Pulumi.yaml above" in refused(files, {**os.environ, **engine.variables}).message
