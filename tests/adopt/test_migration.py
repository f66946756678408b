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
from tests.support.snapshot import every_text
from tests.support.tokens import jwt

pytestmark = pytest.mark.slow

REF = "hysvqdwmhxnblxfqnszn"
CLAIMS = {"iss": "supabase", "ref": REF, "role": "anon", "iat": 1756714127, "exp": 2072290127}
OLD, NEW = jwt(CLAIMS, "dGhpcy1zaWduYXR1cmUtd2FzLXJlcGxhY2VkLTEyMzQ"), "a-new-key-of-the-function"
JOB, SECOND = "batch-processor-30min", "transcription-processor"
# As such a project's own notes have them, but for the host.
JOBS = """\
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

-- High-priority transcription processor
SELECT cron.schedule(
  'transcription-processor',
  '*/10 * * * *',
  $$
  SELECT net.http_post(
    url:='...',
    body:='{{"batch_size": 10, "job_types": ["transcription"]}}'::jsonb
  );
  $$
);
"""
NOTES = """\
```sql
{jobs}```

```bash
curl -X POST {url}/functions/v1/batch-processor \\
  -H "Authorization: Bearer {key}" \\
  -H "Content-Type: application/json" \\
  -d '{{"batch_size": 20, "job_types": ["transcription", "email_notification"]}}'
```

```bash
curl {url}/functions/v1/check-batch-status?summary=true \\
  -H "Authorization: Bearer {key}"
```
"""


def commands() -> Iterator[str]:
    """Each line of the page's `sh` blocks."""
    page = (ROOT / "docs" / "migrating.md").read_text(encoding="utf-8")
    for block in re.findall(r"^ *```sh\n(.*?)^ *```$", page, re.MULTILINE | re.DOTALL):
        yield from (line.strip() for line in block.splitlines())


@pytest.fixture
def engine(receiver: Receiver, tmp_path: Path) -> Engine:
    """A project as a user has it, in a repository whose migration and notes hold the key."""
    folder = tmp_path / "project"
    (folder / "stacks").mkdir(parents=True)
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder / name)
    jobs = JOBS.format(url=receiver.url, key=OLD)
    (folder / "job.sql").write_text(jobs)
    (folder / "notes.md").write_text(NOTES.format(jobs=jobs, url=receiver.url, key=OLD))
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    subprocess.run(["git", "-C", str(folder), "add", "."], check=True)
    home = tmp_path / "engine"
    (home / "state").mkdir(parents=True)
    use_command_stand_in(home)
    environment = {"PROJECT_REF": REF, "PROJECT_URL": receiver.url, "PYTHONPATH": str(ROOT)}
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
    """The jobs as the notes make them, with runs that pg_cron recorded; the first one's jobid."""
    with database.connect() as connection:
        connection.execute(JOBS.format(url=receiver.url, key=OLD).encode())
        row = connection.execute("select jobid from cron.job where jobname = %s", [JOB]).fetchone()
    assert row is not None
    with database.superuser() as connection:
        connection.execute(
            "insert into cron.job_run_details"
            " (jobid, runid, database, username, command, status, return_message, start_time, end_time)"
            " select j.jobid, n, j.database, j.username, j.command, 'succeeded', '1 row', now(), now()"
            " from cron.job j, generate_series(1, 50) n where j.jobname = %s",
            [JOB],
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
            for name in ("job.sql", "notes.md"):  # step 7: the key is taken out of the files
                (engine.project / name).unlink()
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
    notes = NOTES.format(jobs=JOBS, url="", key=OLD).splitlines()
    lines = [number for number, line in enumerate(notes, start=1) if "Bearer" in line]
    places = [f"cron.job: {JOB}", "cron.job_run_details.command", "job.sql:7", *(f"notes.md:{line}" for line in lines)]
    assert len(places) == 6
    for place in places:
        assert place in audits[0][1], place
    with database.superuser() as connection:
        rows = connection.execute("select jobid, schedule, active, command from cron.job where jobname = %s", [JOB])
        assert rows.fetchall() == [(jobid, "*/30 * * * *", True, f"select supacron.call('{JOB}')")]
        second = connection.execute("select command from cron.job where jobname = %s", [SECOND]).fetchone()
        assert second == (JOBS.format(url="", key="").split("$$")[3].strip(),), "it calls nothing, and stays as it is"
        moved = connection.execute("select count(*) from supacron.scrubbed_run where command like '%**%'")
        assert moved.fetchone() == (50,)
        texts = every_text(connection)
    before, wrong, after = (request.headers["authorization"] for request in receiver.wait_for(3))
    assert (before, after) == (f"Bearer {OLD}", f"Bearer {NEW}")
    assert wrong not in (before, after)
    assert {request.body for request in receiver.requests} == {b'{"batch_size": 20}'}
    exported = engine.ok("stack", "export", "--stack", "prod", "--show-secrets")
    assert (NEW in exported, OLD in exported) == (True, False)
    for key in (OLD, NEW):
        assert key not in output
        assert key not in dump(database)
        assert [name for name, text in texts.items() if key in text] == []
        for path in (*engine.project.rglob("*"), *engine.directory.rglob("*")):
            if path.is_file() and ".git" not in path.parts:
                assert key.encode() not in path.read_bytes(), path
