"""What Pulumi itself cannot see: somebody changed the database. A preview shows it, an update repairs it."""

from __future__ import annotations

import pytest

from tests.program.project import CHANGED, JOB, ONE_JOB, Project

pytestmark = pytest.mark.slow


def test_drift_is_shown_and_repaired(project: Project) -> None:
    jobs = {**ONE_JOB["jobs"], "nightly": {"schedule": "0 1 * * *", "sql": "select 1"}}
    project.define({"jobs": jobs})
    project.up()
    project.query(f"select cron.alter_job(jobid, schedule := '1 1 1 1 1') from cron.job where jobname = '{JOB}'")
    project.query("select cron.unschedule(jobid) from cron.job where jobname in ('nightly', 'supacron-collect')")
    project.query("grant usage on schema supacron to anon")

    shown = project.preview()
    assert "Changed outside of Pulumi, to be repaired:" in shown
    for named in (
        "~ runtime supacron (changed outside: grants on schema supacron) [drift]",
        "~ runtime supacron-collect (its cron job was changed outside) [drift]",
        "+ job nightly (it was deleted outside) [drift]",
        f"~ job {JOB} (changed outside: schedule) [drift]",
        "schedule: 1 1 1 1 1 -> */30 * * * *",
    ):
        assert named in shown
    assert project.changes() == {"Command apply update": ("environment",)}
    project.up()
    assert {name: rest[1:] for name, rest in project.cron_jobs().items()} == {
        JOB: ("*/30 * * * *", True),
        "nightly": ("0 1 * * *", True),
    }
    assert project.query("select has_schema_privilege('anon', 'supacron', 'usage')") == [(False,)]
    assert "outside of Pulumi" not in project.unchanged()


def test_an_apply_from_another_state_is_seen(project: Project) -> None:
    """The registry and cron.job agree with each other, and with nothing that this state knows."""
    project.up()
    other = project.copy(project.home / "other", project.home / "other-project")
    other.define(CHANGED)
    other.up()
    assert "~ job batch-processor-30min" in project.preview()
    assert set(project.changes()) == {"Command apply update"}
    project.up()
    assert project.cron_jobs()[JOB][1] == "*/30 * * * *"
    project.unchanged()


def test_a_new_value_of_a_variable(project: Project) -> None:
    job = ONE_JOB["jobs"][JOB]
    project.define({"secrets": {"key": {"env": "MY_KEY"}}, "jobs": {JOB: {**job, "auth": {"secret": "key"}}}})
    project.environment["MY_KEY"] = "the-first-value"
    project.up()
    assert "MY_KEY" not in project.command()["inputs"]["environment"]
    project.unchanged()

    del project.environment["MY_KEY"]
    project.unchanged()

    project.environment["MY_KEY"] = "the-second-value"
    assert "~ secret key (new value) [drift]" in project.preview()
    project.up()
    held = "select decrypted_secret from vault.decrypted_secrets where name = 'supacron/test/key'"
    assert project.query(held) == [("the-second-value",)]
    project.unchanged()

    project.environment["MY_KEY"] = "the-first-value"
    assert "was applied before and replaced since" in project.unchanged()


def test_a_pause_is_no_drift(project: Project) -> None:
    project.up()
    project.query(
        "insert into supacron.pause (job_id, paused_by, reason)"
        f" select id, 'ann', 'the mail is down' from supacron.job where name = '{JOB}'"
    )
    project.query(f"select cron.alter_job(jobid, active := false) from cron.job where jobname = '{JOB}'")
    assert f"{JOB} is paused: the mail is down (ann)" in project.unchanged()
    project.define(CHANGED)
    project.up()
    assert project.cron_jobs()[JOB][1:] == ("*/15 * * * *", False)
