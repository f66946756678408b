from __future__ import annotations

import json

import pytest

from supacron.errors import SupacronError
from supacron.operate.jobs import OperatedJob
from supacron.operate.trigger import TriggeredRun, trigger
from tests.support.database import Database
from tests.support.deployed import KEY, Project, url_of
from tests.support.receiver import Answer, Receiver

pytestmark = pytest.mark.slow


def run(
    database: Database, project: Project, job: str, *, wait_seconds: float = 20, only_first: bool = False
) -> tuple[OperatedJob, list[TriggeredRun]]:
    job_found, *states = trigger(
        url_of(database),
        project.target,
        job,
        by="Ada",
        project_ref="local",
        wait_seconds=wait_seconds,
        only_first=only_first,
    )
    assert isinstance(job_found, OperatedJob)
    return job_found, [state for state in states if isinstance(state, TriggeredRun)]


def test_a_run_is_followed_to_its_outcome(project: Project, database: Database, receiver: Receiver) -> None:
    job, states = run(database, project, "good")
    (request,) = receiver.requests
    assert (job.schedule, job.active, job.has_runs) == ("*/30 * * * *", True, False)
    assert json.loads(request.body) == {"batch_size": 20}
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert states[0].outcome is None
    assert states[0].to_json()["outcome"] == "waiting"
    last = states[-1]
    assert (last.outcome, last.status_code) == ("ok", 200)
    assert last.seconds is not None
    assert 0 <= last.seconds < 20
    assert [state.outcome for state in states[:-1]] == [None] * (len(states) - 1)


def test_who_asked_is_recorded(project: Project, database: Database) -> None:
    run(database, project, "good")
    with database.connect() as connection:
        assert connection.execute("select trigger, requested_by from supacron.run").fetchall() == [("manual", "Ada")]


def test_a_refusal_is_the_outcome(project: Project, database: Database) -> None:
    _, states = run(database, project, "refused")
    assert (states[-1].outcome, states[-1].status_code) == ("http_error", 401)


def test_without_waiting_it_is_queued_only(project: Project, database: Database, receiver: Receiver) -> None:
    _, states = run(database, project, "good", wait_seconds=0)
    assert [(state.outcome, state.seconds) for state in states] == [(None, None)]
    assert receiver.wait_for(1)


def test_a_wait_that_is_over_ends_without_an_outcome(project: Project, database: Database, receiver: Receiver) -> None:
    receiver.answer = Answer(delay=30)
    _, states = run(database, project, "good", wait_seconds=0.3)
    assert len(states) > 1
    assert states[-1].outcome is None


def test_a_job_that_ran_before_can_be_left_alone(project: Project, database: Database, receiver: Receiver) -> None:
    _, first = run(database, project, "good", only_first=True)
    assert first[-1].outcome == "ok"
    job, again = run(database, project, "good", only_first=True)
    assert (job.has_runs, again) == (True, [])
    assert len(receiver.requests) == 1


def test_a_disabled_job_can_be_triggered(project: Project, database: Database) -> None:
    job, states = run(database, project, "idle")
    assert (job.enabled, job.active) == (False, False)
    assert states[-1].outcome == "ok"


def test_an_sql_job_cannot(project: Project, database: Database) -> None:
    with pytest.raises(SupacronError, match="SQL job"):
        run(database, project, "nightly")


def test_an_unknown_job_is_an_error_that_lists_the_jobs(project: Project, database: Database) -> None:
    with pytest.raises(SupacronError, match="no job 'goood'") as error:
        run(database, project, "goood")
    assert error.value.remedy == "Did you mean `good`? Its jobs: good, idle, nightly, refused."


def test_a_missing_secret_is_told_and_nothing_leaves(project: Project, database: Database, receiver: Receiver) -> None:
    with database.connect() as connection:
        connection.execute("delete from vault.secrets")
    with pytest.raises(SupacronError, match='secret "key" of stack "dev" is missing') as error:
        run(database, project, "good")
    assert "pulumi up" in error.value.remedy
    with database.connect() as connection:
        assert connection.execute("select count(*) from supacron.run").fetchone() == (0,)
    assert receiver.requests == []
