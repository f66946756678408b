"""`supacron adopt` as a user calls it: real database, real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from supacron.errors import ExitCode
from tests.adopt.conftest import Files
from tests.support.command import Ended, supacron
from tests.support.database import Database
from tests.support.engine import Engine
from tests.support.tokens import token

pytestmark = pytest.mark.slow

KEY = token("service_role")
URL = "https://abcdefghijklmnopqrst.supabase.co"
HEADERS = f"jsonb_build_object('Authorization', 'Bearer {KEY}')"
CALL = f"select net.http_post('{URL}/functions/v1/worker', headers := {HEADERS})"
AT_RUN_TIME = f"select net.http_post('{URL}/x', jsonb_build_object('at', now()), headers := {HEADERS})"
REFUSED = f"do $$ begin raise notice '{KEY}'; end $$"


@pytest.fixture
def engine(files: Files, tmp_path: Path) -> Engine:
    """With the stack `dev`, whose files are not written yet."""
    files.write_project()
    engine = Engine(tmp_path / "engine", files.root)
    engine.ok("stack", "init", "dev")
    return engine


def adopt(engine: Engine, database: Database, *arguments: str) -> Ended:
    with database.connect() as connection:
        for name, command in {"call": CALL, "timed": AT_RUN_TIME, "loud": REFUSED}.items():
            connection.execute("select cron.schedule(%s, '0 0 1 1 *', %s)", [name, command])
    environment = {**engine.variables, "SUPACRON_DATABASE_URL": database.url}
    done = supacron("adopt", "--stack", "dev", *arguments, cwd=engine.project, env=environment)
    assert KEY not in done.out + done.err
    return done


def test_files_and_encrypted_keys(engine: Engine, database: Database, files: Files) -> None:
    done = adopt(engine, database, "--project-ref", "abcdefghijklmnopqrst")
    assert done.code == ExitCode.REFUSED
    lines = done.out.splitlines()
    assert [line for line in lines if line.startswith(("adopted", "refused", "encrypted", "wrote"))] == [
        f"adopted call (jobid {jobid(database, 'call')}) as a call",
        f"adopted timed (jobid {jobid(database, 'timed')}) as SQL, with its keys looked up in Vault: "
        "the body: `now()` is worked out at each run",
        f"refused loud (jobid {jobid(database, 'loud')}): a key stands where SQL takes no look-up",
        "encrypted supacron:secrets.service_role_key",
        "wrote stacks/dev.yaml",
        "wrote stacks/Pulumi.dev.yaml",
    ]
    assert "  pulumi up --stack dev" in lines
    config = (files.stacks / "Pulumi.dev.yaml").read_text()
    assert "supacron:projectUrl: https://abcdefghijklmnopqrst.supabase.co" in config
    assert "encryptionsalt" in config
    assert "service_role_key:" in config
    assert "secure:" in config
    assert KEY not in config + (files.stacks / "dev.yaml").read_text()
    assert supacron("validate", "--stack", "dev", cwd=files.root).code == ExitCode.OK


def jobid(database: Database, name: str) -> int:
    with database.connect() as connection:
        row = connection.execute("select jobid from cron.job where jobname = %s", [name]).fetchone()
    assert row is not None
    return int(row[0])


def test_a_dry_run_writes_nothing(engine: Engine, database: Database, files: Files) -> None:
    before = (files.stacks / "Pulumi.dev.yaml").read_text()
    done = adopt(engine, database, "call", "--dry-run", "--project-ref", "abcdefghijklmnopqrst")
    assert done.code == ExitCode.OK
    assert "secrets:\n  service_role_key: {}\njobs:\n  call:\n" in done.out
    assert not (files.stacks / "dev.yaml").exists()
    assert (files.stacks / "Pulumi.dev.yaml").read_text() == before


def test_json(engine: Engine, database: Database) -> None:
    done = adopt(engine, database, "call", "loud", "--json", "--project-ref", "abcdefghijklmnopqrst")
    assert done.code == ExitCode.REFUSED
    assert [(each["job"], each["as"]) for each in done.data["adopted"]] == [("call", "call")]
    assert [each["job"] for each in done.data["refused"]] == ["loud"]
    assert done.data["secrets"] == ["service_role_key"]
    assert done.data["files"] == ["stacks/dev.yaml", "stacks/Pulumi.dev.yaml"]


def test_without_a_project(engine: Engine, database: Database) -> None:
    done = adopt(engine, database)
    assert done.code == ExitCode.USAGE
    assert "Say --project-ref." in done.err
