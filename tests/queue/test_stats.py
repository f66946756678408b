"""get_queue_stats: the numbers, and that a poll does not count a million rows again and again."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.queue.queue import Queue

pytestmark = pytest.mark.slow


def stats(queue: Queue) -> dict[str, Any]:
    cursor = queue.connection.execute("select * from public.get_queue_stats()")
    rows = cursor.fetchall()
    assert len(rows) == 1
    return dict(zip([column.name for column in cursor.description or ()], rows[0], strict=True))


def test_an_empty_queue(queue: Queue) -> None:
    found = stats(queue)
    assert (found["total_pending"], found["total_processing"]) == (0, 0)
    assert found["avg_processing_time_seconds"] is None
    assert found["oldest_pending_seconds"] is None


def test_the_numbers(queue: Queue) -> None:
    for _ in range(6):
        queue.enqueue()
    jobs = queue.claim(4)
    queue.complete(*jobs[:2])
    queue.fail(jobs[2], final=True)
    queue.connection.execute(
        "update supacron_queue.archive"
        " set started_at = finished_at - case id when %s then 2 else 4 end * interval '1 s'",
        [jobs[0].id],
    )
    queue.age(queue.one("select min(id) from supacron_queue.ready"), "100 seconds")
    found = stats(queue)
    assert (found["total_pending"], found["total_processing"]) == (2, 1)
    assert (found["completed_last_hour"], found["failed_last_hour"]) == (2, 1)
    assert found["avg_processing_time_seconds"] == pytest.approx(3)
    assert 100 <= found["oldest_pending_seconds"] < 130


def test_a_job_of_the_future_is_pending_but_not_waiting(queue: Queue) -> None:
    queue.one("select public.enqueue_job('work', p_scheduled_for => now() + interval '1 hour')")
    found = stats(queue)
    assert (found["total_pending"], found["oldest_pending_seconds"]) == (1, None)


def test_a_count_is_kept_for_twenty_times_what_it_took(queue: Queue) -> None:
    first = stats(queue)
    queue.connection.execute("update supacron_queue.census set valid_for = '1 hour'")
    queue.enqueue()
    assert stats(queue) == first
    queue.connection.execute("update supacron_queue.census set valid_for = '0'")
    assert stats(queue)["total_pending"] == 1


def test_a_read_only_request_counts_too(queue: Queue) -> None:
    queue.enqueue()
    with psycopg.connect(queue.database.url) as connection:
        connection.read_only = True
        assert stats(Queue(queue.database, connection))["total_pending"] == 1
    assert queue.all("select from supacron_queue.census") == []
