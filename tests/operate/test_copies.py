"""Copies of an applied database, as they are really made: a dump restored elsewhere, a backup that is promoted."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from local.cluster import Cluster
from supacron.load.files import load_stack
from supacron.operate.checks import COPY, FAILOVER, Check, Level
from supacron.operate.doctor import diagnose
from supacron.operate.status import read_status
from supacron.plan.changes import Kind
from supacron.secret import Secret
from tests.support.copies import promoted_backup, restored_dump
from tests.support.database import Database
from tests.support.deployed import KEY, Project
from tests.support.receiver import Receiver
from tests.support.stacks import apply_here

pytestmark = pytest.mark.slow


def place(copy: Cluster, project: Project) -> Check:
    diagnosis = diagnose(project.target, {"SUPACRON_DATABASE_URL": copy.url, "E_KEY": KEY})
    return next(check for check in diagnosis.checks if check.name == "place")


def status_says(copy: Cluster, project: Project) -> str:
    return read_status(Secret(copy.url), project.target, project_ref=None).place


def active(connection: psycopg.Connection) -> dict[str, bool]:
    return dict(connection.execute("select jobname, active from cron.job where jobname !~ 'supacron'").fetchall())


def call(connection: psycopg.Connection, job: str = "good") -> bool:
    """Whether a call queues a request; the copy has no worker of pg_net that would send it, so that its run goes on."""
    run = connection.execute("select supacron.call(%s)", [job]).fetchone()
    found = connection.execute(
        "select from net.http_request_queue q join supacron.run r on r.request_id = q.id where r.id = %s", run
    )
    return found.rowcount == 1


def test_a_dump_restored_elsewhere(database: Database, project: Project, receiver: Receiver) -> None:
    desired = load_stack(project.stacks, "dev").desired
    with restored_dump(database.cluster) as copy, psycopg.connect(copy.url, autocommit=True) as connection:
        with pytest.raises(errors.ObjectNotInPrerequisiteState, match="this database is a copy"):
            call(connection)
        connection.execute("select supacron.collect()")
        assert active(connection) == {"good": True, "refused": True, "idle": False, "nightly": False}
        assert (place(copy, project).level, place(copy, project).message) == (Level.FAILURE, COPY)
        assert status_says(copy, project) == "copy"

        # Its Vault cannot decrypt, so the values are given again.
        plan = apply_here(copy.url, desired, {"key": KEY}).plan
        assert "is a copy of the one that was applied" in str(plan.of(Kind.RUNTIME))
        assert active(connection) == {"good": True, "refused": True, "idle": False, "nightly": True}
        assert call(connection)
        assert place(copy, project).level is Level.OK
    with database.connect() as connection:
        connection.execute("select supacron.call('good')")
    assert [request.path for request in receiver.wait_for(1)] == ["/functions/v1/good"], "the original goes on"


def test_a_backup_that_is_promoted(database: Database, project: Project) -> None:
    desired = load_stack(project.stacks, "dev").desired
    with promoted_backup(database.cluster) as copy, psycopg.connect(copy.url, autocommit=True) as connection:
        assert call(connection)
        assert (place(copy, project).level, place(copy, project).message) == (Level.WARNING, FAILOVER)
        assert status_says(copy, project) == "failover"

        connection.execute("update supacron.stack set on_failover = 'refuse'")
        with pytest.raises(errors.ObjectNotInPrerequisiteState, match="another timeline than the last apply saw"):
            call(connection)
        connection.execute("select supacron.collect()")
        assert active(connection)["nightly"] is False
        assert place(copy, project).level is Level.FAILURE

        refusing = desired.model_copy(update={"on_failover": "refuse"})
        plan = apply_here(copy.url, refusing).plan
        assert "timeline" in str(plan.of(Kind.RUNTIME))
        assert active(connection)["nightly"] is True
        assert call(connection, "refused")
        assert place(copy, project).level is Level.OK
