"""The database's URL out of encrypted config, by the real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from supacron.errors import SupacronError
from supacron.operate.target import Target, database_url
from tests.support.deployed import Project
from tests.support.engine import Engine

pytestmark = pytest.mark.slow

URL = "postgresql://postgres:pass%40word@db.example:5432/postgres"


@pytest.fixture
def engine(written: Project, tmp_path: Path) -> Engine:
    """With the stack `dev`, which has no database yet."""
    engine = Engine(tmp_path / "engine", written.root)
    engine.ok("stack", "init", "dev")
    return engine


def test_the_url_comes_out_of_encrypted_config(engine: Engine, written: Project) -> None:
    engine.ok("config", "set", "--stack", "dev", "--secret", "supacron:databaseUrl", URL)
    assert database_url(written.target, engine.variables).reveal() == URL


def test_a_stack_without_a_database_is_told_how_to_get_one(engine: Engine, written: Project) -> None:
    with pytest.raises(SupacronError, match="the stack dev has no database") as error:
        database_url(written.target, engine.variables)
    assert "--secret supacron:databaseUrl" in error.value.remedy


def test_a_stack_that_is_not_there(engine: Engine, written: Project) -> None:
    with pytest.raises(SupacronError, match="no stack named") as error:
        database_url(Target(written.stacks, "prod"), engine.variables)
    assert "pulumi stack init prod" in error.value.remedy


def test_a_wrong_passphrase(engine: Engine, written: Project) -> None:
    engine.ok("config", "set", "--stack", "dev", "--secret", "supacron:databaseUrl", URL)
    with pytest.raises(SupacronError, match="passphrase"):
        database_url(written.target, engine.variables | {"PULUMI_CONFIG_PASSPHRASE": "wrong"})
