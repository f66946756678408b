"""An update that goes too far is refused with its plan; a variable lifts that once, and no state keeps it."""

from __future__ import annotations

import json

import pytest

from tests.program.project import JOB, ONE_JOB, Project

pytestmark = pytest.mark.slow


def test_a_brake_is_lifted_once(project: Project) -> None:
    project.define({"jobs": {JOB: {**ONE_JOB["jobs"][JOB], "protect": True}}})
    project.up()
    project.define({"jobs": {}})
    shown = project.fails("preview")
    assert f"- job {JOB}" in shown
    assert f"jobs.{JOB}.protect: this job is protected, and would be removed" in shown
    assert "SUPACRON_ALLOW=protect pulumi up --stack test" in shown
    assert "is protected" in project.fails("destroy", "--yes", "--skip-preview")
    assert set(project.cron_jobs()) == {JOB}

    project.environment["SUPACRON_ALLOW"] = "protect"
    project.up()
    del project.environment["SUPACRON_ALLOW"]
    assert project.query("select lifted from supacron.release order by id") == [(None,), (["protect"],)]
    assert project.cron_jobs() == {}
    project.unchanged()
    assert "SUPACRON_ALLOW" not in json.dumps(project.state())
    project.destroy()
