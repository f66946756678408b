"""The jobs that `make up` puts into an empty queue."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local import environment, example
from tests.queue.queue import Queue, fresh_queue
from tests.support.database import Database

pytestmark = pytest.mark.slow


@pytest.fixture
def queue(database: Database) -> Iterator[Queue]:
    with fresh_queue(database) as queue:
        yield queue


def test_an_empty_queue_gets_jobs_that_the_local_functions_can_do(
    queue: Queue, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUPACRON_DATABASE_URL", queue.database.url)
    assert example.main() == 0
    assert capsys.readouterr().out == "3 example jobs are in the queue\n"
    jobs = queue.claim(10)
    assert {job.job_type for job in jobs} == {"sql_function"}
    for job in jobs:
        assert job.payload["function"] in environment.DEFAULTS["SQL_FUNCTIONS"].split(",")
        queue.one(f"select count(*) from public.{job.payload['function']}()")
        queue.complete(job)
    assert example.main() == 0
    assert (capsys.readouterr().out, queue.counts()) == ("", {"completed": 3})
