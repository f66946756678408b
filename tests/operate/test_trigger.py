from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from supacron.errors import SupacronError
from supacron.operate.jobs import OperatedJob
from supacron.operate.trigger import Attempt, TriggeredRun, news, trigger
from tests.support.database import Database
from tests.support.deployed import KEY, Project, url_of
from tests.support.receiver import Answer, Receiver
from tests.support.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def run(
    database: Database,
    project: Project,
    job: str,
    *,
    wait_seconds: float = LIMIT_SECONDS,
    only_first: bool = False,
    body: dict[str, str] | None = None,
) -> tuple[OperatedJob, list[TriggeredRun]]:
    job_found, *states = trigger(
        url_of(database),
        project.target,
        job,
        by="Ada",
        project_ref="local",
        wait_seconds=wait_seconds,
        only_first=only_first,
        body=body,
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
    assert last.seconds >= 0
    assert [state.outcome for state in states[:-1]] == [None] * (len(states) - 1)


def test_who_asked_is_recorded(project: Project, database: Database) -> None:
    run(database, project, "good")
    with database.connect() as connection:
        assert connection.execute("select trigger, requested_by from supacron.run").fetchall() == [("manual", "Ada")]


def test_a_body_goes_over_the_jobs_own_and_is_kept(project: Project, database: Database, receiver: Receiver) -> None:
    project.write(
        "jobs:\n  good: {schedule: 0 3 * * *, function: good, timeout: 3s,"
        " body: {batch_size: 20, run: {$run: run_id}, since: {$run: last_success}}}\n"
        "  get: {schedule: 0 3 * * *, function: good, method: GET}\n",
        url=receiver.url,
    )
    project.apply(database)
    _, states = run(database, project, "good", body={"since": "monday", "filter.day": "1"})
    assert states[-1].outcome == "ok"
    sent = {"batch_size": 20, "run": states[-1].id, "since": "monday", "filter": {"day": 1}}
    assert json.loads(receiver.requests[0].body) == sent
    with database.connect() as connection:
        kept = connection.execute("select body from supacron.run").fetchone()
        assert kept == ({**sent, "run": {"$run": "run_id"}},)
    with pytest.raises(SupacronError, match="get sends GET, with which no body can go"):
        run(database, project, "get", body={"a": "1"})


def test_a_known_secret_is_no_body(project: Project, database: Database, receiver: Receiver) -> None:
    with pytest.raises(SupacronError, match="holds what looks like a secret") as error:
        run(database, project, "good", body={"key": f"my {KEY}"})
    assert KEY not in str(error.value)
    assert receiver.requests == []


def state(outcome: str | None = None, **fields: Any) -> TriggeredRun:
    status = {"ok": 200, "http_error": 500}.get(outcome or "")
    return TriggeredRun(812, outcome, status, fields.pop("error", None), NOW, None, None, **fields)


FAILED_ONCE = (Attempt(1, "http_error", 500, None),)


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ([state(), state(), state("ok")], ["run 812 started", "attempt 1: ok, HTTP 200"]),
        (
            [
                state(attempt=0, leaves_in=0.0),
                state(),
                state(attempt=1, leaves_in=3.21, attempts=FAILED_ONCE),
                state(attempt=1, leaves_in=1.0, attempts=FAILED_ONCE),
                state(attempt=2, attempts=FAILED_ONCE),
                state("ok", attempt=2, attempts=FAILED_ONCE),
            ],
            [
                "run 812 queued: it waits for its turn",
                "run 812 has left",
                "attempt 1: refused or failed with HTTP 500; the next in 3.2 s",
                "attempt 2: ok, HTTP 200",
            ],
        ),
        ([state("skipped", attempt=0, error="run 811 is not over")], ["run 812 skipped"]),
        (
            [state(), state("http_error", attempt=2, attempts=FAILED_ONCE)],
            [
                "run 812 started",
                "attempt 1: refused or failed with HTTP 500",
                "attempt 2: refused or failed with HTTP 500",
            ],
        ),
    ],
)
def test_each_step_is_told_once(states: list[TriggeredRun], told: list[str]) -> None:
    assert [line for before, now in pairwise([None, *states]) if now for line in news(before, now)] == told


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
