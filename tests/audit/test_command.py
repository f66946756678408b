"""`supacron audit` as a user calls it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from supacron.errors import ExitCode
from tests.support.command import supacron
from tests.support.database import Database
from tests.support.tokens import BEARER, SECRET_KEY, token

KEY = token("service_role")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """With one tracked file, which holds two tokens, one of them allowed."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "job.sql").write_text(f"select '{KEY}';\nselect '{SECRET_KEY}'; -- supacron:allow made up\n")
    subprocess.run(["git", "-C", str(tmp_path), "add", "job.sql"], check=True)
    return tmp_path


def test_text(repository: Path) -> None:
    done = supacron("audit", cwd=repository)
    assert done.code == ExitCode.UNHEALTHY
    assert "high   job.sql:1:9: a service_role key (JWT)  sha256:" in done.out
    assert "allowed job.sql:2:9: a secret API key: made up" in done.out
    assert "not looked at database: no --stack, and SUPACRON_DATABASE_URL is not set" in done.out
    assert "1 findings  high: 1, medium: 0, low: 0" in done.out
    assert KEY not in done.out + done.err
    assert SECRET_KEY not in done.out + done.err


def test_json_and_sarif(repository: Path) -> None:
    done = supacron("audit", "--json", "--sarif", "found.sarif", cwd=repository)
    assert [each["kind"] for each in done.data["findings"]] == ["service-role-jwt"]
    sarif = json.loads((repository / "found.sarif").read_text())
    assert [each["ruleId"] for each in sarif["runs"][0]["results"]] == ["service-role-jwt", "secret-key"]
    assert KEY not in done.out + (repository / "found.sarif").read_text()


def test_a_path_and_a_threshold(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"curl -H 'Authorization: {BEARER}{token('anon')}'\n")
    assert supacron("audit", "--path", "a.md", cwd=tmp_path).code == ExitCode.UNHEALTHY
    assert supacron("audit", "--path", "a.md", "--fail-on", "medium", cwd=tmp_path).code == ExitCode.OK


def test_nothing_found(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("nothing\n")
    done = supacron("audit", "--path", ".", "--only", "files", cwd=tmp_path)
    assert (done.code, done.out) == (ExitCode.OK, "looked at 1 file\n0 findings  high: 0, medium: 0, low: 0\n")


def test_outside_of_a_repository(tmp_path: Path) -> None:
    done = supacron("audit", cwd=tmp_path)
    assert done.code == ExitCode.FAILED
    assert "Say --path" in done.err


def test_a_database_that_is_asked_for_but_not_known(tmp_path: Path) -> None:
    assert supacron("audit", "--only", "database", cwd=tmp_path).code == ExitCode.USAGE


@pytest.mark.slow
def test_the_database(database: Database, tmp_path: Path) -> None:
    with database.connect() as connection:
        connection.execute("select cron.schedule('nightly', '0 0 1 1 *', %s)", [f"select '{KEY}'"])
    done = supacron("audit", "--only", "database", cwd=tmp_path, env={"SUPACRON_DATABASE_URL": database.url})
    assert done.code == ExitCode.UNHEALTHY
    assert "high   cron.job: nightly, jobid" in done.out
    assert "supacron adopt" in done.out
    assert KEY not in done.out + done.err


@pytest.mark.slow
def test_a_finding_in_the_database_is_allowed_by_the_stacks_file(database: Database, tmp_path: Path) -> None:
    """By its place, with a reason; before the stack has files, nothing is."""
    with database.connect() as connection:
        connection.execute("select cron.schedule('nightly', '0 0 1 1 *', %s)", [f"select '{KEY}'"])
        connection.execute(f"create function public.f() returns text language sql as $$ select '{KEY}' $$".encode())
    (tmp_path / "Pulumi.yaml").write_text("name: try\nruntime: python\n")
    folder = tmp_path / "stacks"
    folder.mkdir()
    arguments, env = ("audit", "--only", "database", "--stack", "dev"), {"SUPACRON_DATABASE_URL": database.url}
    assert "2 findings" in supacron(*arguments, cwd=tmp_path, env=env).out
    (folder / "Pulumi.dev.yaml").write_text(
        "config:\n  supacron:projectRef: local\n  supacron:projectUrl: http://127.0.0.1:9\n"
    )
    (folder / "dev.yaml").write_text("audit:\n  allow:\n    - {place: 'function: public.f()', reason: a test key}\n")
    done = supacron(*arguments, cwd=tmp_path, env=env)
    assert done.code == ExitCode.UNHEALTHY
    assert "allowed function: public.f(), line " in done.out
    assert "a service_role key (JWT): a test key" in done.out
    assert "1 findings  high: 1" in done.out
    (folder / "dev.yaml").write_text("audit:\n  allow:\n    - {plaice: x, reason: a test key}\n")
    done = supacron(*arguments, cwd=tmp_path, env=env)
    assert done.code == ExitCode.INVALID
    assert "unknown key `plaice`" in done.err
    assert "Did you mean `place`?" in done.err
