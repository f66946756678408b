"""A preview works without the database, says so, and claims nothing that it did not see."""

from __future__ import annotations

import pytest

from tests.program.project import CHANGED, JOB, Project

pytestmark = pytest.mark.slow

NOT_LOOKED = "The live database was not looked at"


def test_away_and_back(project: Project) -> None:
    url = project.environment["SUPACRON_DATABASE_URL"]
    project.up()
    project.query(f"select cron.alter_job(jobid, schedule := '1 1 1 1 1') from cron.job where jobname = '{JOB}'")
    project.up()

    project.environment["SUPACRON_DATABASE_URL"] = "postgresql://postgres:canary-5150@127.0.0.1:1/postgres"
    shown = project.unchanged()
    assert NOT_LOOKED in shown
    assert "127.0.0.1" in shown
    assert "Connection refused" in shown
    assert "canary" not in shown
    project.define(CHANGED)
    assert set(project.changes()) == {"Command apply update", f"CronJob {JOB} update"}

    project.environment["SUPACRON_DATABASE_URL"] = url
    project.up()
    project.unchanged()


def test_without_any_url_nor_anything_applied(project: Project) -> None:
    del project.environment["SUPACRON_DATABASE_URL"]
    shown = project.preview()
    assert f"{NOT_LOOKED}, so what was changed outside of Pulumi is not shown: no database is given" in shown
    assert "pulumi config set --secret supacron:databaseUrl" in shown


def test_a_database_that_answers_but_does_not_let_read(project: Project) -> None:
    project.up()
    project.query("revoke usage on schema cron from postgres, public")
    try:
        shown = project.unchanged()
    finally:
        project.query("grant usage on schema cron to postgres")
    assert NOT_LOOKED in shown
    assert "permission denied for schema cron" in shown
