"""check-batch-status end to end."""

from __future__ import annotations

import pytest

from tests.functions.conftest import Functions
from tests.queue.queue import Queue
from tests.support.database import Database

pytestmark = pytest.mark.slow


def test_the_summary(functions: Functions, queue: Queue) -> None:
    queue.enqueue()
    queue.complete(*queue.claim())
    queue.enqueue()
    answer = functions.send("GET", "check-batch-status?summary=true")
    assert answer.status == 200
    assert (answer.json["total_pending"], answer.json["completed_last_hour"]) == (1, 1)
    assert answer.json["avg_processing_time_seconds"] >= 0


def fail_one(queue: Queue, kind: str, message: str) -> int:
    job = queue.enqueue(kind)
    queue.forget()
    queue.fail(*queue.claim(), errors=[message], final=True)
    return job


def test_failures_and_stuck_jobs(functions: Functions, queue: Queue) -> None:
    for kind, message in (("a", "one"), ("b", "two"), ("b", "two"), ("b", "three")):
        fail_one(queue, kind, message)
    old = fail_one(queue, "a", "long ago")
    queue.connection.execute(
        "update supacron_queue.archive set finished_at = now() - interval '25 hours' where id = %s", [old]
    )
    hanging, fresh = queue.enqueue("slow"), queue.enqueue("slow")
    queue.forget()
    queue.claim(2, worker="w1")
    queue.connection.execute(
        "update supacron_queue.running set started_at = now() - interval '61 minutes' where id = %s", [hanging]
    )
    answer = functions.send("GET", "check-batch-status")
    assert answer.status == 200
    assert answer.json["summary"]["total_processing"] == 2
    assert answer.json["failures"] == [
        {"job_type": "b", "failure_count": 3, "error_messages": ["three", "two"]},
        {"job_type": "a", "failure_count": 1, "error_messages": ["one"]},
    ]
    (stuck,) = answer.json["stuck"]
    assert (stuck["id"], stuck["job_type"], stuck["worker"]) == (hanging, "slow", "w1")
    assert queue.status(fresh) == "processing"


def test_its_caller_and_its_parameters(functions: Functions, queue: Queue) -> None:  # noqa: ARG001 - the queue is there
    assert functions.send("GET", "check-batch-status", key="wrong").status == 401
    assert functions.send("GET", "check-batch-status?summary=perhaps").status == 400
    assert functions.send("POST", "check-batch-status", "{}").status == 405


def test_a_database_without_a_queue(functions: Functions, database: Database) -> None:  # noqa: ARG001 - a clean one
    answer = functions.send("GET", "check-batch-status?summary=true")
    assert (answer.status, answer.json["error"]["code"]) == (503, "queue_missing")
