from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from supacron.errors import Refused, SupacronError
from supacron.load.files import load_stack
from supacron.operate.pause import Paused, Pausing, pause, resume
from supacron.operate.planning import plan_now
from supacron.operate.target import Usage
from tests.support.database import Database
from tests.support.deployed import Project, url_of
from tests.support.stacks import Notes

pytestmark = pytest.mark.slow


def stop(database: Database, project: Project, job: str = "good", **how: object) -> Paused:
    pausing = Pausing(**{"by": "Ada", "reason": "looking into it", **how})  # type: ignore[arg-type]
    return pause(url_of(database), project.target, job, pausing, project_ref="local", progress=Notes())


def start(database: Database, project: Project, job: str = "good") -> str:
    resumed = resume(url_of(database), project.target, job, project_ref="local", progress=Notes())
    assert resumed.to_json() == {"job": job, "state": resumed.state, "was_paused": resumed.was_paused}
    return f"{resumed.state}, {'was' if resumed.was_paused else 'was not'} paused"


def is_active(database: Database, job: str = "good") -> bool:
    with database.connect() as connection:
        row = connection.execute("select active from cron.job where jobname = %s", [job]).fetchone()
    assert row is not None
    return bool(row[0])


def test_a_paused_job_is_recorded_and_inactive(project: Project, database: Database) -> None:
    paused = stop(database, project)
    assert paused.to_json() == {
        "job": "good",
        "state": "paused",
        "by": "Ada",
        "reason": "looking into it",
        "until": None,
        "was_paused": False,
    }
    assert not is_active(database)
    with database.connect() as connection:
        row = connection.execute("select paused_by, reason, until from supacron.pause").fetchone()
    assert row == ("Ada", "looking into it", None)


def test_a_pause_is_no_drift_and_an_apply_keeps_it(project: Project, database: Database) -> None:
    stop(database, project)
    project.apply(database)
    assert not is_active(database)
    plan = plan_now(url_of(database), load_stack(project.stacks, "dev").desired, {})
    assert (plan.changes, plan.paused) == ((), {"good": "looking into it (Ada)"})


def test_a_pause_is_replaced(project: Project, database: Database) -> None:
    stop(database, project, milliseconds=60_000)
    with database.connect() as connection:
        (first,) = connection.execute("select paused_at from supacron.pause").fetchone() or (None,)
    again = stop(database, project, by="Bob", reason="for good")
    assert again.before.paused_by == "Ada"
    with database.connect() as connection:
        rows = connection.execute(
            "select paused_by, reason, until, paused_at > %s from supacron.pause", [first]
        ).fetchall()
    assert rows == [("Bob", "for good", None, True)]


def test_a_duration_counts_from_the_databases_now(project: Project, database: Database) -> None:
    until = stop(database, project, milliseconds=3_600_000).until
    with database.connect() as connection:
        row = connection.execute("select paused_at + interval '1 hour' from supacron.pause").fetchone()
    assert row == (until,)


def test_a_moment_is_kept_as_it_is(project: Project, database: Database) -> None:
    moment = datetime.now(UTC) + timedelta(days=1)
    assert stop(database, project, until=moment).until == moment


def test_a_pause_whose_time_has_come_ends_by_itself(project: Project, database: Database) -> None:
    stop(database, project, milliseconds=3_600_000)
    with database.connect() as connection:
        connection.execute("update supacron.pause set until = now()")
        connection.execute("select supacron.collect()")
    assert is_active(database)


def test_an_end_that_is_past_is_refused_and_nothing_changes(project: Project, database: Database) -> None:
    with pytest.raises(Usage, match="2020-01-01 00:00:00 UTC is past"):
        stop(database, project, until=datetime(2020, 1, 1, tzinfo=UTC))
    assert is_active(database)
    assert start(database, project) == "active, was not paused"


def test_resuming_makes_it_active_again(project: Project, database: Database) -> None:
    stop(database, project)
    assert start(database, project) == "active, was paused"
    assert is_active(database)
    assert start(database, project) == "active, was not paused"


def test_a_disabled_job_stays_disabled(project: Project, database: Database) -> None:
    stop(database, project, "idle")
    assert start(database, project, "idle") == "disabled, was paused"
    assert not is_active(database, "idle")
    assert start(database, project, "idle") == "disabled, was not paused"


def test_what_somebody_switched_off_outside_is_told_and_left(project: Project, database: Database) -> None:
    with database.connect() as connection:
        connection.execute("select cron.alter_job(jobid, active := false) from cron.job where jobname = 'good'")
    assert start(database, project) == "inactive, was not paused"
    assert not is_active(database)


def test_a_job_that_is_gone_from_cron_can_still_be_paused(project: Project, database: Database) -> None:
    with database.connect() as connection:
        connection.execute("select cron.unschedule('good')")
    stop(database, project)
    assert start(database, project) == "active, was paused"


def test_an_unknown_job_is_an_error(project: Project, database: Database) -> None:
    with pytest.raises(SupacronError, match="no job 'bad'"):
        stop(database, project, "bad")


def test_the_database_of_another_project_is_refused(project: Project, database: Database) -> None:
    pausing = Pausing("Ada", "why")
    with pytest.raises(Refused):
        pause(url_of(database), project.target, "good", pausing, project_ref="other", progress=Notes())
    assert is_active(database)


def test_it_waits_for_an_apply_that_is_under_way(project: Project, database: Database) -> None:
    notes = Notes()
    pausing = Pausing("Ada", "why")
    with database.connect(autocommit=False) as other:
        other.execute("select pg_advisory_xact_lock(7318349394476822)")
        other.execute("set local idle_in_transaction_session_timeout = 500")
        paused = pause(url_of(database), project.target, "good", pausing, project_ref="local", progress=notes)
        with pytest.raises(Exception, match="terminat"):
            other.execute("select 1")
    assert paused.job == "good"
    assert "waiting for another apply" in notes.notices[0]


def test_what_the_collector_holds_in_a_copy_is_not_resumed(project: Project, database: Database) -> None:
    with database.connect() as connection:
        connection.execute("update supacron.runtime set system_identifier = '1'")
        connection.execute("select supacron.collect()")
    with pytest.raises(Refused, match="nightly is held, since this database is a copy"):
        start(database, project, "nightly")
    assert not is_active(database, "nightly")
