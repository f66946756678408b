"""A project that is set up once and copied for each test: `pulumi stack init` takes a second."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.program.project import STACK, Project, write_project
from tests.support.database import Database
from tests.support.engine import Engine, use_command_stand_in


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("template")
    write_project(home / "project")
    Engine(home, home / "project").ok("stack", "init", STACK)
    return home


@pytest.fixture
def project(_template: Path, tmp_path: Path, database: Database) -> Project:
    """One job, never applied."""
    home = tmp_path / "home"
    shutil.copytree(_template, home)
    use_command_stand_in(home)
    return Project(home, home / "project", database, {"SUPACRON_DATABASE_URL": database.url})
