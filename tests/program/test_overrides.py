"""Overrides in Pulumi's configuration keep their types on the way to the database."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from tests.program.project import JOB, ONE_JOB, Project

pytestmark = pytest.mark.slow

TWO_JOBS: dict[str, Any] = {
    "jobs": {
        JOB: {**ONE_JOB["jobs"][JOB], "owner": "platform"},
        "nightly": {"schedule": "0 1 * * *", "sql": "select 1"},
    }
}


def applied(project: Project) -> dict[str, Any]:
    jobs: dict[str, Any] = json.loads(project.command()["inputs"]["stdin"])["jobs"]
    return jobs


def test_set_by_path_from_the_command_line(project: Project) -> None:
    project.define(TWO_JOBS)
    settings = {
        "schedule": "*/5 * * * *",
        "enabled": "false",
        "timeout": "5s",
        "body.batch_size": "50",
        "body.types[0]": "transcription",
        "body.types[1]": "email",
        "body.code": "007",
        "body.exact": "true",
    }
    for path, value in settings.items():
        project.config("set", "--path", f"supacron:overrides.jobs.{JOB}.{path}", value)
    project.up()
    job = applied(project)[JOB]
    assert (job["schedule"], job["enabled"], job["call"]["timeout_ms"]) == ("*/5 * * * *", False, 5000)
    assert job["call"]["body"] == {
        "batch_size": 50,
        "types": ["transcription", "email"],
        "code": "007",
        "exact": True,
    }
    assert project.cron_jobs()[JOB][1:] == ("*/5 * * * *", False)
    assert project.query("select body ->> 'code', body -> 'exact' from supacron.job where name like 'batch%'") == [
        ("007", True)
    ]
    project.unchanged()


def test_null_removes_and_numbers_stay_exact(project: Project) -> None:
    project.define(TWO_JOBS)
    body = {"id": 12345678901234567890, "ratio": 2.5, "list": [[1, None, True], {"deep": None}], "day": "2024-01-01"}
    project.configure(overrides={"jobs": {"nightly": None, JOB: {"owner": None, "body": body}}})
    project.up()
    jobs = applied(project)
    assert set(jobs) == {JOB}
    assert "owner" not in jobs[JOB]
    assert jobs[JOB]["call"]["body"] == {**body, "batch_size": 20}
    assert type(jobs[JOB]["call"]["body"]["list"][0][0]) is int
    project.unchanged()


def test_another_config_file_is_the_one_that_counts(project: Project) -> None:
    """--config-file: neither the values nor the mistakes of stacks/Pulumi.test.yaml matter then."""
    project.define(TWO_JOBS)
    usual = project.folder / "stacks" / "Pulumi.test.yaml"
    content = yaml.safe_load(usual.read_text())
    content["config"] |= {"supacron:projectRef": "other", "supacron:overrides": {"jobs": {"nightly": None}}}
    other = project.folder / "other.yaml"
    other.write_text(yaml.safe_dump(content))
    project.configure(overrides={"jobs": {"nightly": {"schedule": "wrong"}}})
    shown = project.preview("--config-file", "other.yaml", "--diff")
    assert 'project_ref: "other"' in shown
    assert "select 1" not in shown
    assert "stacks/Pulumi.test.yaml:" in project.fails("preview")
