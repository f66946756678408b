"""A project on disk, and the same applied to the test's database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.database import Database
from tests.support.deployed import Project, deployed
from tests.support.receiver import Receiver


@pytest.fixture
def written(tmp_path: Path) -> Project:
    """The files alone."""
    project = Project(tmp_path)
    project.write()
    return project


@pytest.fixture
def project(tmp_path: Path, database: Database, receiver: Receiver) -> Project:
    """Applied to `database`; its functions are at `receiver`."""
    return deployed(tmp_path, database, receiver)
