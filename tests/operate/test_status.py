from __future__ import annotations

from datetime import timedelta

import pytest

from supacron.operate.status import JobStatus, Status, read_status
from tests.support.database import Database
from tests.support.deployed import Project, url_of

pytestmark = pytest.mark.slow


def status(database: Database, project: Project) -> Status:
    return read_status(url_of(database), project.target, project_ref="local")


def job(database: Database, project: Project, name: str) -> JobStatus:
    (found,) = [job for job in status(database, project).jobs if job.name == name]
    return found


def record(
    database: Database, name: str, outcome: str | None, code: int | None = None, error: str | None = None
) -> None:
    """A run that was queued ten minutes ago."""
    with database.connect() as connection:
        # Without it whatever waits would count as lost in a crash.
        connection.execute(
            "insert into supacron.net_epoch (queue, started_at)"
            " values ('net.http_request_queue'::regclass, now() - interval '1 day') on conflict do nothing"
        )
        connection.execute(
            "insert into supacron.run"
            " (job_id, trigger, request_id, queued_at, sent_at, seen_at, outcome, status_code, error)"
            " select id, 'schedule', case when %(outcome)s::text is null then 1 end,"
            " now() - interval '10 minutes', now() - interval '10 minutes',"
            " case when %(outcome)s::text is not null then now() - interval '9 minutes' end,"
            " %(outcome)s, %(code)s, %(error)s from supacron.job where name = %(name)s",
            {"name": name, "outcome": outcome, "code": code, "error": error},
        )


def test_each_job_is_there_with_its_state(project: Project, database: Database) -> None:
    found = status(database, project)
    states = {job.name: (job.state, job.words, job.last_outcome) for job in found.jobs}
    assert states == {
        "good": ("active", "Every 30 minutes", None),
        "idle": ("disabled", "At 09:00 UTC, only on Monday", None),
        "nightly": ("active", "At 03:15 UTC", None),
        "refused": ("active", "At 09:00 UTC, only on Monday", None),
    }


def test_a_job_that_never_ran_has_no_outcome(project: Project, database: Database) -> None:
    found = job(database, project, "good")
    assert (found.outcome, found.remedy, found.failed, found.recent_runs) == ("", "", False, 0)


def test_the_last_outcome_and_the_rate(project: Project, database: Database) -> None:
    record(database, "refused", "ok", 200)
    record(database, "refused", "ok", 200)
    record(database, "refused", "http_error", 401)
    found = job(database, project, "refused")
    assert found.failed
    assert (found.last_outcome, found.last_status_code, found.recent_ok, found.recent_runs) == ("http_error", 401, 2, 3)
    assert "the key of secret key" in found.remedy


def test_a_run_without_an_answer_yet_is_no_failure(project: Project, database: Database) -> None:
    record(database, "good", None)
    found = job(database, project, "good")
    assert (found.last_outcome, found.failed, found.outcome) == ("waiting", False, "no answer yet")


def test_a_paused_job_tells_who_and_has_no_next_run(project: Project, database: Database) -> None:
    with database.connect() as connection:
        connection.execute("insert into supacron.pause select id, 'Ada', 'why' from supacron.job where name = 'good'")
    found = job(database, project, "good")
    assert (found.state, found.paused_by, found.paused_reason) == ("paused", "Ada", "why")
    assert found.next_run(status(database, project).now) is None
    assert found.to_json(status(database, project).now)["paused"] == {"by": "Ada", "reason": "why", "until": None}


def test_a_job_switched_off_or_deleted_outside_is_told(project: Project, database: Database) -> None:
    with database.connect() as connection:
        connection.execute("select cron.alter_job(jobid, active := false) from cron.job where jobname = 'good'")
        connection.execute("select cron.unschedule('nightly')")
    states = {job.name: job.state for job in status(database, project).jobs}
    assert (states["good"], states["nightly"]) == ("inactive", "missing")


def test_the_next_run_is_after_the_databases_now(project: Project, database: Database) -> None:
    found = status(database, project)
    following = found.jobs[0].next_run(found.now)
    assert following is not None
    assert timedelta(0) < following - found.now <= timedelta(minutes=30)
    assert following.minute % 30 == 0


def test_json_holds_the_last_run(project: Project, database: Database) -> None:
    record(database, "good", "failed", None, "Couldn't connect to server")
    with database.connect() as connection:
        connection.execute("select supacron.collect()")
    data = status(database, project).to_json()
    run = data["jobs"][0]["last_run"]
    assert data["collector_last_ran_at"] <= data["now"]
    assert (run["outcome"], run["http_status"], run["error"]) == ("failed", None, "Couldn't connect to server")
    assert run["queued_at"] < run["seen_at"]
    assert "doctor" in run["remedy"]
