"""`pulumi destroy`: what goes, what stays, and which database it finds."""

from __future__ import annotations

import pytest

from tests.program.project import JOB, Project

pytestmark = pytest.mark.slow

SCHEMA = "select count(*) from pg_namespace where nspname = 'supacron'"


def test_history_stays_unless_told_otherwise(project: Project) -> None:
    project.up()
    project.query("insert into cron.job (schedule, command, jobname) values ('0 0 * * *', 'select 1', 'by-hand')")
    shown = project.destroy()
    assert "test: destroyed; its history and secrets stay (SUPACRON_DESTROY=data deletes them)" in shown
    assert set(project.cron_jobs()) == {"by-hand"}
    assert project.query("select name from supacron.stack where destroyed_at is not null") == [("test",)]

    project.up()
    assert set(project.cron_jobs()) == {JOB, "by-hand"}
    project.unchanged()
    project.environment["SUPACRON_DESTROY"] = "data"
    project.destroy()
    assert set(project.cron_jobs()) == {"by-hand"}
    assert project.query(SCHEMA) == [(0,)]


def test_credentials_that_went_stale(project: Project) -> None:
    project.query("create role caller login password 'old' in role postgres; alter role caller set role postgres")
    url = project.environment.pop("SUPACRON_DATABASE_URL").replace("postgres:postgres", "caller:old")
    project.config("set", "--secret", "supacron:databaseUrl", url)
    project.up()
    project.query("alter role caller password 'new'")

    shown = project.fails("destroy", "--yes", "--skip-preview")
    assert "password authentication failed" in shown
    assert "A destroy uses the URL of the last apply." in shown
    assert "SUPACRON_DATABASE_URL" in shown
    assert set(project.cron_jobs()) == {JOB}

    project.environment["SUPACRON_DATABASE_URL"] = url.replace(":old@", ":new@")
    project.destroy()
    assert project.cron_jobs() == {}


def test_without_any_url(project: Project) -> None:
    project.up()
    del project.environment["SUPACRON_DATABASE_URL"]
    shown = project.fails("destroy", "--yes", "--skip-preview")
    assert "no database is given" in shown
    assert "Set SUPACRON_DATABASE_URL" in shown
