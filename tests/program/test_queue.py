"""The queue in a preview, and how it ends: never by accident with jobs in it."""

from __future__ import annotations

import pytest

from tests.program.project import ONE_JOB, Project

pytestmark = pytest.mark.slow


def test_from_the_first_rule_to_the_last_job(project: Project) -> None:
    project.define({**ONE_JOB, "queue": {"lease": "5m"}})
    project.up()
    project.query("select public.enqueue_job('work')")
    project.define({**ONE_JOB, "queue": {"lease": "10m", "job_types": {"mail": {"urgent": True}}}})
    shown = project.preview("--diff")
    assert "supacron:index:Queue" in shown
    assert '"5m" => "10m"' in shown
    assert "+ queue job type mail" in shown

    project.define(ONE_JOB)
    assert "~ queue priority_queue (it holds jobs, so it stays" in project.up()
    assert project.query("select count(*) from public.priority_queue") == [(1,)]

    project.environment["SUPACRON_DESTROY"] = "data"
    assert "- queue priority_queue (with the jobs in it)" in project.up()
    assert project.query("select to_regnamespace('supacron_queue') is null") == [(True,)]
    del project.environment["SUPACRON_DESTROY"]
    project.unchanged()
