"""Pulumi's other commands, and a state that was lost."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.program.project import JOB, ONE_JOB, Project

pytestmark = pytest.mark.slow


def test_refresh_changes_nothing(project: Project) -> None:
    project.up()
    project.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    project.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes", "--run-program")
    project.unchanged()


def test_a_target_is_a_whole_stack(project: Project) -> None:
    """A job's component does nothing itself: its target applies nothing; the Command's applies all."""
    project.up()
    jobs = {name: {**ONE_JOB["jobs"][JOB], "schedule": "*/15 * * * *"} for name in (JOB, "another")}
    project.define({"jobs": jobs})
    urns = {entry["urn"].split("::")[-1]: entry["urn"] for entry in project.state()}
    project.up("--target", urns[JOB])
    assert project.cron_jobs()[JOB][1] == "*/30 * * * *"
    assert "Command apply update" in project.changes()

    project.up("--target", urns["apply"])
    assert {name: schedule for name, (_, schedule, _) in project.cron_jobs().items()} == {
        JOB: "*/15 * * * *",
        "another": "*/15 * * * *",
    }
    project.up()
    project.unchanged()


def test_a_lost_state(project: Project) -> None:
    project.up()
    before = project.cron_jobs()
    releases = project.query("select count(*) from supacron.release")
    shutil.rmtree(project.home / "state")
    project.engine.ok("stack", "init", "test")

    shown = project.preview()
    assert "4 to create" in shown
    assert "To be changed in the database" not in shown
    assert "test: nothing to change" in project.up()
    assert project.cron_jobs() == before
    assert project.query("select count(*) from supacron.release") == releases
    project.unchanged()


def test_a_lost_state_with_its_files_and_keys_comes_back_from_the_database(project: Project) -> None:
    job = {**ONE_JOB["jobs"][JOB], "auth": {"secret": "key"}}
    project.define({"secrets": {"key": {}, "other": {"env": "OTHER"}}, "jobs": {JOB: job}})
    project.config("set", "--secret", "--path", "supacron:secrets.key", "canary-3141")
    project.configure(overrides={"jobs": {JOB: {"schedule": "*/10 * * * *"}}})
    project.up()
    before = project.cron_jobs()
    stacks = project.folder / "stacks"
    written = (stacks / "test.yaml").read_text()
    shutil.rmtree(project.home / "state")
    shutil.rmtree(stacks)

    def own(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "supacron", "adopt", "--own", "--stack", "test", *arguments],
            cwd=project.folder,
            env=project.engine.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "canary" not in done.stdout + done.stderr
        return done.stdout + done.stderr

    assert "would encrypt supacron:secrets.key" in own("--dry-run")
    assert not stacks.exists()
    stacks.mkdir()
    project.engine.ok("stack", "init", "test")
    shown = own()
    assert "encrypted supacron:secrets.key" in shown
    assert "pulumi config set --stack test --secret supacron:databaseUrl" in shown
    assert (stacks / "test.yaml").read_text() == written
    assert "canary" not in (stacks / "Pulumi.test.yaml").read_text()
    assert "To be changed in the database" not in project.preview()
    assert "test: nothing to change" in project.up()
    assert project.cron_jobs() == before
    assert '"files": []' in own("--json")
    project.define(ONE_JOB)
    assert "holds something else than release" in own()
