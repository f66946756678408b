"""Fixtures for every test: real databases and a real HTTP receiver, each started when first asked for."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from local.cluster import Cluster
from supacron.apply.reload import RELOADS
from supacron.apply.transaction import Progress
from tests.support.database import QUICK, QUIET, Database, fixture_for, running_database
from tests.support.receiver import Receiver, running_receiver

# In the background of a script the interrupts that tests send would be ignored by what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A slow machine is no failure, and every run draws the same examples; `--hypothesis-profile=explore` draws others.
settings.register_profile(
    "same",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("explore", settings.get_profile("same"), derandomize=False)
settings.load_profile("same")


@pytest.fixture(scope="session", autouse=True)
def _applies_do_not_wait_for_pg_cron() -> Iterator[None]:
    """A second in each test that applies. The tests that need pg_cron wait for it themselves: see pg_cron_has_heard."""

    def reload_schedules(_: object, progress: Progress) -> None:
        progress.step(RELOADS)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("supacron.apply.apply.reload_schedules", reload_schedules)
        yield


@pytest.fixture(scope="session")
def quiet_database() -> Iterator[Database]:
    """The test process's database, as the last test left it."""
    with running_database(QUICK, QUIET) as database:
        yield database


@pytest.fixture(scope="session")
def ticking_database() -> Iterator[Database]:
    """The other one, whose pg_cron starts jobs."""
    with running_database(QUICK) as database:
        yield database


@pytest.fixture(scope="session")
def cluster(quiet_database: Database) -> Cluster:
    """The test process's cluster, running, with its pg_net worker; shared by all tests."""
    return quiet_database.cluster


@pytest.fixture(scope="module")
def clean_cluster(quiet_database: Database) -> Cluster:
    """The same with nothing of an earlier module in it, for what the tests of a module share."""
    return _cleaned(quiet_database).cluster


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Database:
    """The test process's database: running, with nothing of an earlier test in it.

    Its pg_cron starts no job, unless the test is marked `pg_cron`.
    """
    return _cleaned(request.getfixturevalue(fixture_for(request.node)))


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
