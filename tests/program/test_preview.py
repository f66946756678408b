"""What previews and updates show, through a job's life."""

from __future__ import annotations

import re

import pytest

from tests.program.project import CHANGED, JOB, ONE_JOB, Project

pytestmark = pytest.mark.slow


def test_a_job_from_nothing_to_changed_to_removed(project: Project) -> None:
    assert project.changes() == {
        "Stack supacron-test create": (),
        "Stack test create": (),
        "Command apply create": (),
        f"CronJob {JOB} create": (),
    }
    assert project.query("select count(*) from pg_namespace where nspname = 'supacron'") == [(0,)], "a preview wrote"

    shown = project.up()
    assert re.search(rf"\+ job {JOB}", shown)
    ((jobid, schedule, active),) = project.cron_jobs().values()
    assert (schedule, active) == ("*/30 * * * *", True)
    project.up("--expect-no-changes")

    project.define(CHANGED)
    short = project.preview()
    assert re.search(rf"~ +supacron:index:CronJob {JOB} update \[diff: ~schedule\]", short)
    assert re.search(r"~ +command:local:Command apply update \[diff: ~environment,stdin\]", short)
    assert re.search(rf"To be changed in the database:\n +~ job {JOB}", short)
    assert re.search(r'~ schedule *: "\*/30 \* \* \* \*" => "\*/15 \* \* \* \*"', project.preview("--diff"))
    assert project.cron_jobs() == {JOB: (jobid, "*/30 * * * *", True)}, "a preview wrote"
    project.up()
    assert project.cron_jobs() == {JOB: (jobid, "*/15 * * * *", True)}

    project.define({"jobs": {}})
    assert re.search(rf"- +supacron:index:CronJob {JOB} delete", project.preview())
    project.up()
    assert project.cron_jobs() == {}
    project.unchanged()


def test_a_failed_apply_leaves_the_change_to_be_seen(project: Project) -> None:
    project.up()
    project.define(CHANGED)
    project.query("alter table supacron.job add constraint not_now check (schedule <> '*/15 * * * *')")
    refused = project.fails("up", "--yes", "--skip-preview")
    assert "could not define jobs" in refused
    assert "Nothing was written." in refused
    project.query("alter table supacron.job drop constraint not_now")
    assert project.cron_jobs()[JOB][1] == "*/30 * * * *"

    assert set(project.changes()) == {"Command apply update", f"CronJob {JOB} update"}
    project.up()
    assert project.cron_jobs()[JOB][1] == "*/15 * * * *"
    project.unchanged()


def test_a_renamed_job(project: Project) -> None:
    project.up()
    project.define({"jobs": {"batch": {**ONE_JOB["jobs"][JOB], "renamed_from": JOB}}})
    assert set(project.changes()) == {"Command apply update", "CronJob batch create", f"CronJob {JOB} delete"}
    assert "> job batch (a new jobid; the recorded runs stay with it)" in project.preview()
    project.up()
    assert set(project.cron_jobs()) == {"batch"}
    project.unchanged()


def test_a_thousand_jobs(project: Project) -> None:
    project.environment["PULUMI_SKIP_CHECKPOINTS"] = "true"
    jobs = {
        f"job-{number:04}": {"schedule": f"{number % 60} {number // 60} * * *", "sql": "select 1"}
        for number in range(1000)
    }
    project.define({"jobs": jobs})
    assert "and 982 more (all of them: supacron plan)" in project.preview()
    project.up()
    assert len(project.cron_jobs()) == 1000
    jobs["job-0500"]["schedule"] = "0 4 * * *"
    project.define({"jobs": jobs})
    assert set(project.changes()) == {"Command apply update", "CronJob job-0500 update"}
