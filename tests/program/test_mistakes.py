"""What is wrong is shown in a preview: all of it, with its place and in words; nothing is written."""

from __future__ import annotations

import pytest

from tests.program.project import JOB, ONE_JOB, Project

pytestmark = pytest.mark.slow

WRONG = """\
jobs:
  first:
    schedule: '@yearly'
    function: f
  second:
    schedule: '0 1 * * *'
    sql: select 1
    colour: red
  third:
    schedule: '0 1 * * *'
    function: f
    headers: {Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.dGhpcy1pcy1hLWNhbmFyeQ}
"""


def test_all_mistakes_of_both_files_at_once(project: Project) -> None:
    project.define(WRONG)
    project.configure(overrides={"jobs": {"second": {"enabled": "perhaps"}}})
    shown = project.fails("preview")
    for place in ("test.yaml:3:15", "test.yaml:8:5", "test.yaml:12:"):
        assert f"stacks/{place}" in shown
    assert "stacks/Pulumi.test.yaml:" in shown
    assert "5 mistakes found; nothing was written." in shown
    assert "dGhpcy1pcy1hLWNhbmFyeQ" not in shown


def test_plain_secrets_and_keys_that_are_not_there(project: Project) -> None:
    project.configure(secrets={"key": "canary-5150"}, databaseUrl="postgresql://postgres:canary-5151@h/d")
    shown = project.fails("preview")
    assert "a secret in plain text" in shown
    assert "a password in plain text" in shown
    assert "canary" not in shown

    # The same without the file's lines, as in a program that brings its own definition.
    (project.folder / "__main__.py").write_text(
        "import supacron\nsupacron.Stack(definition={'jobs': {'a': {'schedule': '0 1 * * *', 'sql': 'select 1'}}})\n"
    )
    shown = project.fails("preview")
    assert "a secret in plain text" in shown
    assert "a password in plain text" in shown
    assert "canary" not in shown


def test_another_projects_database(project: Project) -> None:
    project.up()
    project.configure(projectRef="elsewhere")
    shown = project.fails("preview")
    assert "this database belongs to project local, and this stack is for project elsewhere" in shown


def test_a_job_made_by_hand_and_a_missing_secret(project: Project) -> None:
    with project.database.connect() as connection:
        connection.execute(f"select cron.schedule('{JOB}', '* * * * *', 'select 1')".encode())
    job = {**ONE_JOB["jobs"][JOB], "auth": {"secret": "key"}}
    project.define({"secrets": {"key": {}}, "jobs": {JOB: job}})
    shown = project.fails("preview")
    assert "that supacron did not make" in shown
    assert "set `adopt: true` on the job" in shown
    assert "Vault has no supacron/test/key, which the stack needs, and no value is given" in shown
    assert "pulumi config set --secret --path 'supacron:secrets.key'" in shown

    project.define({"secrets": {"key": {}}, "jobs": {JOB: {**job, "adopt": True}}})
    project.config("set", "--secret", "--path", "supacron:secrets.key", "12345")
    ((jobid, *_),) = project.cron_jobs().values()
    assert f"> job {JOB} (jobid {jobid} stays)" in project.preview()
    project.up()
    assert project.cron_jobs()[JOB] == (jobid, "*/30 * * * *", True)
    project.unchanged()
