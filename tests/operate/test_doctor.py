from __future__ import annotations

from pathlib import Path

import pytest

from supacron.operate.checks import Level
from supacron.operate.doctor import Diagnosis, diagnose
from tests.operate.test_status import record
from tests.support.database import Database
from tests.support.deployed import KEY, Project

pytestmark = pytest.mark.slow


def examine(database: Database, project: Project) -> Diagnosis:
    return diagnose(project.target, {"SUPACRON_DATABASE_URL": database.url, "E_KEY": KEY})


def found(diagnosis: Diagnosis, level: Level) -> dict[str, str]:
    return {check.name: check.message for check in diagnosis.checks if check.level is level}


def collect(database: Database) -> None:
    """As the cron job does each minute, with its row in pg_cron's history."""
    with database.connect() as connection:
        connection.execute("select supacron.collect()")
    with database.superuser() as connection:
        connection.execute(
            "insert into cron.job_run_details (jobid, runid, status, start_time, end_time)"
            " select jobid, nextval('cron.runid_seq'), 'succeeded', now(), now()"
            " from cron.job where jobname = 'supacron-collect'"
        )


def test_a_new_stack_is_healthy(project: Project, database: Database) -> None:
    collect(database)
    diagnosis = examine(database, project)
    assert diagnosis.healthy
    assert found(diagnosis, Level.WARNING) == {}
    assert set(found(diagnosis, Level.OK)) == {
        "files",
        "database",
        "pg_cron",
        "pg_net",
        "supabase_vault",
        "runtime",
        "place",
        "pg_cron runs",
        "collector",
        "pg_net sends",
        "secrets",
        "jobs",
        "outcomes",
        "late",
        "drift",
        "history",
    }


def test_a_refused_call_is_a_failure_with_its_remedy(project: Project, database: Database) -> None:
    record(database, "refused", "http_error", 401)
    diagnosis = examine(database, project)
    assert not diagnosis.healthy
    (failure,) = [check for check in diagnosis.checks if check.level is Level.FAILURE]
    assert failure.message == "refused: refused or failed with HTTP 401 (0 of the last 1 ok)"
    assert "the key of secret key" in failure.remedy


def test_a_secret_that_is_gone_from_vault(project: Project, database: Database) -> None:
    with database.connect() as connection:
        connection.execute("delete from vault.secrets where name = 'supacron/dev/key'")
    assert found(examine(database, project), Level.FAILURE) == {
        "secrets": "key is not in Vault (as supacron/dev/key)",
    }


def test_a_job_switched_off_outside_is_a_failure_and_drift(project: Project, database: Database) -> None:
    with database.connect() as connection:
        connection.execute("select cron.alter_job(jobid, active := false) from cron.job where jobname = 'good'")
    diagnosis = examine(database, project)
    assert found(diagnosis, Level.FAILURE) == {"jobs": "switched off in cron.job, without a pause: good"}
    assert found(diagnosis, Level.WARNING)["drift"] == "changed outside: job good"


def test_a_function_changed_outside(project: Project, database: Database) -> None:
    with database.connect() as connection:
        connection.execute("grant execute on function supacron.collect() to anon")
    assert found(examine(database, project), Level.FAILURE) == {
        "runtime": "its functions, views or grants were changed outside"
    }


def test_a_net_worker_that_is_dead(project: Project, database: Database) -> None:
    database.worker.stop()
    assert "worker is not to be seen" in found(examine(database, project), Level.FAILURE)["pg_net sends"]


def test_mistakes_in_the_files_do_not_hide_the_rest(project: Project, database: Database) -> None:
    (project.stacks / "dev.yaml").write_text("jobs: [")
    diagnosis = examine(database, project)
    assert "files" in found(diagnosis, Level.FAILURE)
    assert "runtime" in found(diagnosis, Level.OK)
    assert "drift" not in found(diagnosis, Level.OK)


def test_a_database_without_supacron(written: Project, database: Database) -> None:
    failures = found(examine(database, written), Level.FAILURE)
    assert failures == {"runtime": "nothing was ever applied to this database"}


def test_a_database_of_another_project(project: Project, database: Database) -> None:
    project.write(ref="another")
    assert "refusal" in found(examine(database, project), Level.FAILURE)


def test_a_database_that_does_not_let_us_in_is_a_failure_too(written: Project, database: Database) -> None:
    url = database.url.replace("postgres:postgres@", "postgres:hidden@")
    failures = found(diagnosis := diagnose(written.target, {"SUPACRON_DATABASE_URL": url}), Level.FAILURE)
    assert "as postgres: " in failures["database"]
    assert "password" in failures["database"]
    assert "hidden" not in str(diagnosis)


def test_no_database_at_all_is_a_failure_too(written: Project, tmp_path: Path) -> None:
    failures = found(diagnose(written.target, {"PATH": str(tmp_path)}), Level.FAILURE)
    assert failures == {"database": "pulumi is not on PATH, and no database is given"}


def test_json_says_whether_it_is_healthy(project: Project, database: Database) -> None:
    data = examine(database, project).to_json()
    assert (data["stack"], data["healthy"]) == ("dev", True)
    assert data["checks"][0] == {
        "name": "files",
        "level": "ok",
        "message": "4 jobs, without a mistake",
        "remedy": "",
    }
