"""Fixtures for every test: a real database and a real HTTP receiver, each started when first asked for."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.cluster import Cluster
from tests.support.database import Database, running_database
from tests.support.receiver import Receiver, running_receiver


@pytest.fixture(scope="session")
def _session_database() -> Iterator[Database]:
    with running_database() as database:
        yield database


@pytest.fixture(scope="session")
def cluster(_session_database: Database) -> Cluster:
    """The test process's cluster, running, with its pg_net worker; shared by all tests."""
    return _session_database.cluster


@pytest.fixture(scope="module")
def clean_cluster(_session_database: Database) -> Cluster:
    """The same with nothing of an earlier module in it, for what the tests of a module share."""
    return _cleaned(_session_database).cluster


@pytest.fixture
def database(_session_database: Database) -> Database:
    """The test process's database: running, with nothing of an earlier test in it."""
    return _cleaned(_session_database)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A real HTTP server on a free port of its own."""
    with running_receiver() as running:
        yield running


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """An empty folder that the database server's user can enter; pytest's own it cannot, when we are root."""
    path = Path(tempfile.mkdtemp(prefix="supacron-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def _cleaned(database: Database) -> Database:
    database.cluster.start()
    database.worker.start()
    database.clean()
    return database
