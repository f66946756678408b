"""docs/migrating.md, step by step: each command that stands there is run, on a database with history."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.installation import find_installation
from tests.support.database import Database
from tests.support.engine import ROOT, Engine, use_command_stand_in
from tests.support.receiver import Answer, Receiver
from tests.support.tokens import token

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

OLD, NEW = token("anon", ref="local", iat=1_756_714_127, exp=2_072_290_127), "a-new-key-of-the-function"
JOB = "batch-processor-30min"
DOCUMENT = """\
SELECT cron.schedule(
  'batch-processor-30min',
  '*/30 * * * *', -- Every 30 minutes
  $$
  SELECT net.http_post(
    url:='{url}/functions/v1/batch-processor',
    headers:='{{"Content-Type": "application/json", "Authorization": "Bearer {key}"}}'::jsonb,
    body:='{{"batch_size": 20}}'::jsonb
  ) as request_id;
  $$
);
"""


def commands() -> Iterator[str]:
    """Each line of the page's `sh` blocks."""
    page = (ROOT / "docs" / "migrating.md").read_text(encoding="utf-8")
    for block in re.findall(r"^ *```sh\n(.*?)^ *```$", page, re.MULTILINE | re.DOTALL):
        yield from (line.strip() for line in block.splitlines())


@pytest.fixture
def engine(receiver: Receiver, tmp_path: Path) -> Engine:
    """A project as a user has it, in a repository whose one migration holds the key."""
    folder = tmp_path / "project"
    (folder / "stacks").mkdir(parents=True)
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "job.sql").write_text(DOCUMENT.format(url=receiver.url, key=OLD))
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    subprocess.run(["git", "-C", str(folder), "add", "."], check=True)
    home = tmp_path / "engine"
    (home / "state").mkdir(parents=True)
    use_command_stand_in(home)
    environment = {"PROJECT_REF": "local", "PROJECT_URL": receiver.url, "PYTHONPATH": str(ROOT)}
    return Engine(home, folder, environment)


def run(engine: Engine, command: str, answer: str) -> tuple[int, str]:
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=engine.project,
        env=engine.variables,
        input=answer,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def with_history(database: Database, receiver: Receiver) -> int:
    """The job as the document makes it, with runs that pg_cron recorded; its jobid."""
    with database.connect() as connection:
        row = connection.execute(DOCUMENT.format(url=receiver.url, key=OLD).encode()).fetchone()
    assert row is not None
    with database.superuser() as connection:
        connection.execute(
            "insert into cron.job_run_details"
            " (jobid, runid, database, username, command, status, return_message, start_time, end_time)"
            " select j.jobid, n, j.database, j.username, j.command, 'succeeded', '1 row', now(), now()"
            " from cron.job j, generate_series(1, 50) n"
        )
    return int(row[0])


def dump(database: Database) -> str:
    """The whole database, as text."""
    program = str(find_installation().bin / "pg_dump")
    done = subprocess.run([program, database.superuser_url], capture_output=True, text=True, check=True)
    return done.stdout


def test_the_whole_migration(engine: Engine, database: Database, receiver: Receiver) -> None:
    jobid = with_history(database, receiver)
    assert OLD in dump(database)
    answers = {"supacron:databaseUrl": database.url, "rotate anon_key --stack prod": NEW}
    audits: list[tuple[int, str]] = []
    output = ""
    for command in commands():
        if command.startswith("supacron audit --stack") and audits:
            (engine.project / "job.sql").unlink()  # step 7: the key is taken out of the files
        if command.startswith("supacron rotate"):
            # Until now the function took any key, as one that checks none does.
            receiver.answer = Answer(401, accept=f"Bearer {NEW}")
        answer = next((value for key, value in answers.items() if command.endswith(key)), "")
        status, text = run(engine, command, answer)
        output += text
        if command.startswith("supacron audit"):
            audits.append((status, text))
        else:
            assert status == 0, f"{command}\n{text}"

    assert [status for status, _ in audits] == [8, 0, 0]
    for place in (f"cron.job: {JOB}", "cron.job_run_details.command", "job.sql:"):
        assert place in audits[0][1], place
    with database.superuser() as connection:
        rows = connection.execute("select jobid, schedule, active, command from cron.job where jobname = %s", [JOB])
        assert rows.fetchall() == [(jobid, "*/30 * * * *", True, f"select supacron.call('{JOB}')")]
        moved = connection.execute("select count(*) from supacron.scrubbed_run where command like '%**%'")
        assert moved.fetchone() == (50,)
    before, wrong, after = (request.headers["authorization"] for request in receiver.wait_for(3))
    assert (before, after) == (f"Bearer {OLD}", f"Bearer {NEW}")
    assert wrong not in (before, after)
    assert {request.body for request in receiver.requests} == {b'{"batch_size": 20}'}
    for key in (OLD, NEW):
        assert key not in output
        assert key not in dump(database)
        for path in (*engine.project.rglob("*"), *engine.directory.rglob("*")):
            if path.is_file() and ".git" not in path.parts:
                assert key.encode() not in path.read_bytes(), path
