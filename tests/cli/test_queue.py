"""`supacron queue` on a stack that has one: tables for people, documents for machines, and a tail that ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from supacron.errors import ExitCode
from supacron.secret import MASK
from tests.cli.conftest import CommandLine
from tests.queue.queue import Queue
from tests.support.database import Database
from tests.support.deployed import DEFINITION, KEY, Project

pytestmark = pytest.mark.slow

WITH_QUEUE = DEFINITION + "queue: {max_attempts: 1}\n"


@pytest.fixture
def queue(here: CommandLine, written: Project, database: Database) -> Iterator[Queue]:
    """The queue of the stack that is applied, with one job that failed, one that is held, one done and one waiting."""
    here.monkeypatch.setenv("SUPACRON_DATABASE_URL", database.url)
    written.write(WITH_QUEUE)
    written.apply(database)
    with database.connect() as connection:
        queue = Queue(database, connection)
        for number, name in enumerate(["mail", "mail", "call", "call"], start=1):
            assert queue.enqueue(name, tenant_id=f"t{number}") == number
        failed, _, done, later = sorted(queue.claim(4), key=lambda job: job.id)
        queue.fail(failed, errors=[f"refused: \x1b[31mBearer {KEY}"])
        queue.complete(done)
        queue.release(later)
        queue.forget()
        yield queue


def test_a_stack_without_a_queue(there: CommandLine) -> None:
    for name in ("stats", "failures", "stuck", "tail"):
        result = there("queue", name)
        assert result.code == ExitCode.REFUSED
        assert "this database has no queue" in result.err
        assert "Write `queue: {}` into the stack's file, and run `pulumi up --stack dev`." in result.err


def test_stats(here: CommandLine, queue: Queue) -> None:
    shown = here("queue", "stats").out
    assert shown.startswith("dev  1 job pending, 1 processing\n")
    lines = [line.split() for line in shown.splitlines()]
    assert ["last", "hour", "1", "completed,", "1", "failed"] in lines
    assert ["dead", "letters", "1"] in lines
    (mail,) = [line for line in lines if line[:1] == ["mail"]]
    assert mail == ["mail", "0", "0", "1", "0", "1"]
    data = here("queue", "stats", "--json").data
    assert (data["stack"], data["total_pending"], data["total_processing"], data["dead_letters"]) == ("dev", 1, 1, 1)
    assert data["avg_processing_time_seconds"] >= 0
    assert {each["job_type"]: each["failed"] for each in data["job_types"]} == {"call": 0, "mail": 1}
    queue.connection.execute("delete from public.priority_queue")
    queue.forget()
    assert "none is waiting" in here("queue", "stats").out


def test_failures(here: CommandLine, queue: Queue) -> None:
    result = here("queue", "failures")
    row = result.out.splitlines()[1]
    assert row.split()[:4] == ["1", "mail", "t1", "1"]
    assert f"refused: \\x1b[31mBearer {MASK}" in row, "neither a key nor a control character gets out"
    assert "1 failed job: 1 mail" in result.out
    assert "supacron queue requeue ID... --stack dev" in result.out
    data = here("queue", "failures", "--json", "--job-type", "mail", "--since", "1h").data
    assert (data["total"], data["by_job_type"], data["failures"][0]["id"]) == (1, {"mail": 1}, 1)
    assert here("queue", "failures", "--job-type", "call").out == "no job failed for good\n"
    queue.connection.execute("update supacron_queue.archive set finished_at = finished_at - interval '2 hours'")
    assert here("queue", "failures", "--since", "1h").out == "no job failed for good\n"


def test_stuck(here: CommandLine, queue: Queue) -> None:
    assert here("queue", "stuck").out == "no job is stuck\n"
    assert here("queue", "stuck", "--return").out == "no job is stuck\n"
    queue.connection.execute("update supacron_queue.running set started_at = now() - interval '61 minutes'")
    long = here("queue", "stuck").out
    assert "runs long" in long
    assert here("queue", "stuck", "--running-for", "2h", "--json").data["stuck"] == []
    queue.connection.execute("update supacron_queue.running set lease_expires_at = now() - interval '3 minutes'")
    result = here("queue", "stuck")
    assert "lease ran out 3 min ago" in result.out
    assert "supacron queue stuck --return --stack dev" in result.out
    (job,) = here("queue", "stuck", "--json").data["stuck"]
    assert (job["id"], job["lease_ran_out"], job["running_seconds"] > 3600) == (2, True, True)
    assert here("queue", "stuck", "--return").out.splitlines() == ["1 job taken back", "  2  failed after 1 attempt"]
    assert queue.status(2) == "failed"


def test_requeue(here: CommandLine, queue: Queue) -> None:
    assert here("queue", "requeue").code == ExitCode.USAGE
    result = here("queue", "requeue", "1", "3", "99")
    assert result.code == ExitCode.FAILED
    assert result.out.splitlines() == [
        "1 job is pending again",
        "3 is not a failed job: it is completed",
        "99 is not a failed job: there is none of this id",
    ]
    assert queue.status(1) == "pending"
    again = here("queue", "requeue", "1", "--json")
    assert (again.code, again.data["requeued"]) == (ExitCode.FAILED, [])
    assert again.data["not_requeued"] == [{"id": 1, "status": "pending"}]
    for job in queue.claim(10):
        queue.fail(job)
    result = here("queue", "requeue", "--job-type", "mail", "--limit", "1")
    assert (result.code, result.out.splitlines()[0]) == (0, "1 job is pending again")
    assert "only 1 are put back at once" in result.out
    assert here("queue", "requeue", "--job-type", "nothing").out == "0 jobs are pending again\n"


@contextmanager
def tailing(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The real process: a signal is what ends it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "supacron", "queue", "tail", "--interval", "100ms", *arguments],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def next_lines(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().rstrip("\n") for _ in range(count)]


def test_tail(queue: Queue) -> None:
    with tailing() as process:
        begun = [line[21:] for line in next_lines(process, 4)]
        assert sorted(begun) == [
            f"1  mail  failed  tenant t1, refused: \\x1b[31mBearer {MASK}",
            "2  mail  processing  tenant t2, try 1 by w",
            "3  call  completed  tenant t3",
            "4  call  pending  tenant t4",
        ]
        new = queue.enqueue("new")
        assert [line[21:] for line in next_lines(process, 1)] == [f"{new}  new  pending"]
        (job,) = queue.claim(types=["new"], worker="me")
        assert [line[21:] for line in next_lines(process, 1)] == [f"{new}  new  processing  try 1 by me"]
        queue.fail(job, errors=["no"])
        assert [line[21:] for line in next_lines(process, 1)] == [f"{new}  new  failed  no"]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (0, "", "")


def test_tail_for_machines(queue: Queue) -> None:
    with tailing("--json", "--lines", "1", "--job-type", "call") as process:
        (begun,) = next_lines(process, 1)
        queue.enqueue("other")
        new = queue.enqueue("call")
        event: dict[str, Any] = json.loads(next_lines(process, 1)[0])
    assert json.loads(begun)["id"] in (3, 4)
    assert (event["id"], event["job_type"], event["status"], event["attempts"]) == (new, "call", "pending", 0)
