"""public.priority_queue: the queries of the document that the queue was built for, word for word; and writing to it."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import errors

from tests.queue.queue import Queue

pytestmark = pytest.mark.slow

BACKLOG_ALERT = """
SELECT 
  CASE 
    WHEN COUNT(*) > 1000 THEN 
      -- Send alert notification
      net.http_post(
        url:='YOUR_ALERT_WEBHOOK_URL',
        body:=jsonb_build_object(
          'alert', 'high_queue_backlog',
          'count', COUNT(*)
        )
      )
  END
FROM public.priority_queue
WHERE status = 'pending';
"""  # noqa: W291 - word for word
FAILED_JOBS = "SELECT * FROM priority_queue WHERE status = 'failed'"
RECENT_FAILURES = """
SELECT 
  job_type,
  COUNT(*) as failure_count,
  array_agg(DISTINCT error_message) as error_messages
FROM public.priority_queue
WHERE status = 'failed'
  AND updated_at > NOW() - INTERVAL '24 hours'
GROUP BY job_type
ORDER BY failure_count DESC;
"""  # noqa: W291 - word for word
STUCK_JOBS = """
SELECT *
FROM public.priority_queue
WHERE status = 'processing'
  AND started_at < NOW() - INTERVAL '1 hour'
ORDER BY started_at;
"""


class TestTheDocumentsQueries:
    def test_the_backlog_alert(self, queue: Queue) -> None:
        queue.one("select public.enqueue_batch('work', array_fill('{}'::jsonb, array[1000]))")
        assert queue.all(BACKLOG_ALERT) == [(None,)]
        queue.enqueue()
        query = BACKLOG_ALERT.replace("YOUR_ALERT_WEBHOOK_URL", "http://127.0.0.1:9/alert")
        assert queue.one(query) is not None

    def test_failed_jobs(self, queue: Queue) -> None:
        queue.enqueue(), queue.enqueue()
        first, second = queue.claim(2)
        queue.fail(first, final=True)
        queue.complete(second)
        assert len(queue.all(FAILED_JOBS)) == 1

    def test_recent_failures(self, queue: Queue) -> None:
        for _ in range(3):
            queue.enqueue("a")
        queue.enqueue("b")
        jobs = queue.claim(4)
        for job, error in zip(jobs, ["x", "y", "x", "z"], strict=True):
            queue.fail(job, errors=[error], final=True)
        assert queue.all(RECENT_FAILURES) == [("a", 3, ["x", "y"]), ("b", 1, ["z"])]
        queue.connection.execute("update supacron_queue.archive set finished_at = finished_at - interval '25 hours'")
        assert queue.all(RECENT_FAILURES) == []

    def test_stuck_jobs(self, queue: Queue) -> None:
        job = queue.enqueue()
        queue.enqueue()
        queue.claim(2)
        assert queue.all(STUCK_JOBS) == []
        queue.connection.execute(
            "update supacron_queue.running set started_at = now() - interval '61 minutes' where id = %s", [job]
        )
        assert [row[0] for row in queue.all(STUCK_JOBS)] == [job]


def test_one_status_reads_one_table(queue: Queue) -> None:
    def tables(status: str) -> set[str]:
        plan = queue.one(f"explain (format json) select count(*) from public.priority_queue where status = '{status}'")
        names: set[str] = set()
        collect(plan[0]["Plan"], names)
        return {"archive" if name.startswith("archive") else name for name in names} - {"settings", "job_type"}

    assert tables("pending") == {"ready"}
    assert tables("processing") == {"running"}
    assert tables("failed") == {"archive"}


def collect(node: dict[str, Any], names: set[str]) -> None:
    if "Relation Name" in node:
        names.add(node["Relation Name"])
    for child in node.get("Plans", []):
        collect(child, names)


def test_what_ended_long_ago_is_no_longer_shown_but_failures_are(queue: Queue) -> None:
    for _ in range(3):
        queue.enqueue()
    done, dead, young = queue.claim(3)
    queue.complete(done, young)
    queue.fail(dead, final=True)
    queue.connection.execute(
        "update supacron_queue.archive set finished_at = finished_at - interval '31 days' where id <> %s", [young.id]
    )
    assert (queue.status(done.id), queue.status(dead.id), queue.status(young.id)) == (None, "failed", "completed")
    assert queue.one("select count(*) from supacron_queue.archive") == 3


class TestWriting:
    def write(self, queue: Queue, query: str, *parameters: Any) -> int:
        return queue.connection.execute(query.encode(), parameters).rowcount

    def test_an_insert_enqueues(self, queue: Queue) -> None:
        job, status = queue.one(
            "insert into public.priority_queue (job_type, payload, priority, tenant_id, idempotency_key)"
            " values ('work', '{\"a\": 1}', 7, 't', 'k') returning id, status"
        )
        assert status == "pending"
        row = queue.row(job)
        assert (row["payload"], row["priority"], row["tenant_id"], row["idempotency_key"]) == ({"a": 1}, 7, "t", "k")

    def test_an_insert_of_anything_else_than_a_pending_job_is_refused(self, queue: Queue) -> None:
        with pytest.raises(errors.FeatureNotSupported, match='a new job is pending, and "completed" is not'):
            self.write(queue, "insert into public.priority_queue (job_type, status) values ('w', 'completed')")

    @pytest.mark.parametrize(
        ("start", "to"),
        [
            ("pending", "cancelled"),
            ("processing", "cancelled"),
            ("processing", "pending"),
            ("processing", "failed"),
            ("processing", "completed"),
            ("failed", "pending"),
            ("cancelled", "pending"),
            ("completed", "pending"),
        ],
    )
    def test_a_status_is_changed_by_an_update(self, queue: Queue, start: str, to: str) -> None:
        job = self.job(queue, start)
        changed = self.write(queue, "update public.priority_queue set status = %s where id = %s", to, job)
        assert (changed, queue.status(job)) == (1, to)
        assert sum(queue.counts().values()) == 1

    @pytest.mark.parametrize(
        ("start", "to"),
        [("pending", "processing"), ("pending", "completed"), ("completed", "failed"), ("pending", "x")],
    )
    def test_other_changes_are_refused(self, queue: Queue, start: str, to: str) -> None:
        job = self.job(queue, start)
        with pytest.raises(errors.FeatureNotSupported, match=f'a job cannot go from "{start}" to "{to}"'):
            self.write(queue, "update public.priority_queue set status = %s where id = %s", to, job)

    def job(self, queue: Queue, status: str) -> int:
        job = queue.enqueue()
        if status == "cancelled":
            queue.one("select public.cancel_job(%s)", job)
        elif status != "pending":
            (held,) = queue.claim()
            if status == "completed":
                queue.complete(held)
            elif status == "failed":
                queue.fail(held, final=True)
        assert queue.status(job) == status
        return job

    def test_a_pending_job_can_be_changed(self, queue: Queue) -> None:
        job, other = queue.enqueue(priority=2), queue.enqueue()
        self.write(queue, "update public.priority_queue set priority = 8, payload = '{\"b\": 2}' where id = %s", job)
        first, second = queue.claim(2)
        assert (first.id, first.priority, first.payload, second.id) == (job, 8, {"b": 2}, other)

    def test_a_pending_job_can_be_put_off_and_brought_forward(self, queue: Queue) -> None:
        job = queue.enqueue()
        put = "update public.priority_queue set scheduled_for = now() + %s * interval '1 day' where id = %s"
        self.write(queue, put, 1, job)
        assert queue.claim() == []
        self.write(queue, put, -1, job)
        assert [each.id for each in queue.claim()] == [job]

    def test_an_update_does_not_make_an_emergency(self, queue: Queue) -> None:
        job = queue.enqueue()
        with pytest.raises(errors.InsufficientPrivilege, match="kept for emergencies"):
            self.write(queue, "update public.priority_queue set priority = 10 where id = %s", job)

    def test_an_update_does_not_leave_the_priorities(self, queue: Queue) -> None:
        job = queue.enqueue()
        with pytest.raises(errors.InvalidParameterValue, match="priority 11 is not between 1 and 10"):
            self.write(queue, "update public.priority_queue set priority = 11 where id = %s", job)
        assert queue.row(job)["priority"] == 5

    @pytest.mark.parametrize("status", ["pending", "processing", "completed"])
    def test_a_delete_removes_the_job(self, queue: Queue, status: str) -> None:
        job = self.job(queue, status)
        assert self.write(queue, "delete from public.priority_queue where id = %s", job) == 1
        assert queue.counts() == {}
