"""Workers and the server die at random while jobs are drained: each job is done, none twice over by two owners."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import sleep

import pytest

from tests.queue.queue import Queue

pytestmark = pytest.mark.slow

COUNT = 100_000
WORKERS = 16
ROOT = Path(__file__).resolve().parents[2]


class Crew:
    """Sixteen worker processes; one that is killed is replaced."""

    def __init__(self, queue: Queue, folder: Path) -> None:
        self._url = queue.database.url
        self._folder = folder
        self._hired = 0
        self._workers: list[subprocess.Popen[bytes]] = []
        for _ in range(WORKERS):
            self._hire()

    def _hire(self) -> None:
        self._hired += 1
        name = f"worker-{self._hired}"
        self._workers.append(
            subprocess.Popen(
                [sys.executable, "-m", "tests.queue.worker", self._url, name, str(self._folder / name)], cwd=ROOT
            )
        )

    def kill_one(self) -> None:
        victim = random.choice(self._workers)  # noqa: S311 - any of them
        self._workers.remove(victim)
        victim.kill()
        victim.wait()
        self._hire()

    def kill_until(self, queue: Queue, done: float) -> int:
        """Kills one again and again until so many jobs are done; how many it killed."""
        killed = 0
        while progress(queue) < done:
            sleep(0.3)
            self.kill_one()
            killed += 1
        return killed

    def wait(self) -> None:
        for worker in self._workers:
            assert worker.wait() == 0

    def dismiss(self) -> None:
        for worker in self._workers:
            worker.kill()
            worker.wait()

    def notes(self) -> dict[str, Counter[int]]:
        """How often each job ran, and how often its end was accepted, as the workers wrote it down."""
        found: dict[str, Counter[int]] = {"ran": Counter(), "done": Counter()}
        for file in self._folder.iterdir():
            for line in file.read_text().splitlines():
                kind, _, job = line.partition(" ")
                if job.isdigit():
                    found[kind][int(job)] += 1
        return found


@pytest.fixture
def crowd(queue: Queue) -> list[int]:
    queue.configure(max_attempts=100, backoff_base_ms=10, backoff_max_ms=50)
    halves = [
        queue.one(
            "select public.enqueue_batch('work', array_fill('{}'::jsonb, array[%s::integer]), %s, %s)",
            COUNT // 2,
            *each,
        )
        for each in ((5, "a"), (7, None))
    ]
    return sorted(halves[0] + halves[1])


def progress(queue: Queue) -> int:
    return int(queue.one("select count(*) from supacron_queue.archive"))


def check(queue: Queue, crew: Crew, jobs: list[int]) -> None:
    """Every job ended exactly once, ran before it ended, and nobody else was told that it had ended it."""
    archived = queue.all("select id, status from supacron_queue.archive order by id")
    assert archived == [(job, "completed") for job in jobs]
    assert queue.counts() == {"completed": COUNT}
    notes = crew.notes()
    assert set(notes["ran"]) == set(jobs)
    assert max(notes["done"].values()) == 1
    # A worker that was killed may have died between the commit and its note.
    assert set(notes["done"]) <= set(jobs)


def test_workers_and_the_server_killed_at_random(queue: Queue, crowd: list[int], open_folder: Path) -> None:
    """Workers all the time, and the server in the middle."""
    crew, database = Crew(queue, open_folder), queue.database
    try:
        assert crew.kill_until(queue, COUNT * 0.5) >= 5
        database.cluster.kill()
        database.cluster.start()
        with database.connect() as connection:
            queue = Queue(database, connection)
            crew.kill_until(queue, COUNT * 0.9)
            crew.wait()
            check(queue, crew, crowd)
    finally:
        crew.dismiss()
