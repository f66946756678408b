from __future__ import annotations

import pytest

from supacron.errors import SupacronError
from supacron.operate.runs import Run, read_runs
from tests.operate.test_status import record
from tests.support.database import Database
from tests.support.deployed import Project, url_of

pytestmark = pytest.mark.slow


def runs(
    database: Database, project: Project, job: str | None = None, *, failed: bool = False, limit: int = 20
) -> tuple[Run, ...]:
    return read_runs(url_of(database), project.target, job, failed=failed, limit=limit, project_ref="local")


def test_without_a_run_there_is_nothing(project: Project, database: Database) -> None:
    assert runs(database, project) == ()


def test_the_newest_come_first_and_so_many_as_asked(project: Project, database: Database) -> None:
    for _ in range(3):
        record(database, "good", "ok", 200)
    record(database, "refused", "http_error", 401)
    assert [run.job for run in runs(database, project)] == ["refused", "good", "good", "good"]
    assert [run.job for run in runs(database, project, limit=2)] == ["refused", "good"]


def test_one_jobs_runs(project: Project, database: Database) -> None:
    record(database, "good", "ok", 200)
    record(database, "refused", "http_error", 401)
    assert [run.job for run in runs(database, project, "good")] == ["good"]


def test_failed_ones_only(project: Project, database: Database) -> None:
    record(database, "good", "ok", 200)
    record(database, "good", None)
    for outcome in ("timed_out", "no_response", "failed"):
        record(database, "good", outcome)
    assert [run.outcome for run in runs(database, project, failed=True)] == ["failed", "no_response", "timed_out"]


def test_a_removed_jobs_runs_are_found_by_its_name(project: Project, database: Database) -> None:
    record(database, "nightly", "ok")
    project.write("version: 1\njobs: {}\n")
    project.apply(database, {})
    assert [run.job for run in runs(database, project, "nightly")] == ["nightly"]


def test_a_name_that_no_job_ever_had_is_an_error(project: Project, database: Database) -> None:
    with pytest.raises(SupacronError, match="no job 'nix'"):
        runs(database, project, "nix")


def test_json_names_every_time(project: Project, database: Database) -> None:
    record(database, "refused", "http_error", 401)
    (run,) = runs(database, project)
    data = run.to_json()
    assert data["queued_at"] == data["sent_at"] < data["seen_at"]
    assert (data["outcome"], data["http_status"], data["trigger"]) == ("http_error", 401, "schedule")
    assert "the key of secret key" in data["remedy"]


def test_a_waiting_run_is_called_so(project: Project, database: Database) -> None:
    record(database, "good", None)
    assert runs(database, project)[0].to_json()["outcome"] == "waiting"
