"""Claiming: what is due, in which order, under a lease; and by several workers at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors

from tests.queue.queue import NOBODY, Job, Queue, pairs
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow


def test_an_empty_queue_gives_nothing(queue: Queue) -> None:
    assert queue.claim(10) == []


def test_a_worker_gets_all_it_needs(queue: Queue) -> None:
    queue.configure({"name": "transcription", "max_attempts": 7, "timeout_ms": 1_500})
    job = queue.enqueue("transcription", {"a": 1}, priority=8, tenant_id="t", idempotency_key="k")
    (claimed,) = queue.claim(5, worker="w-1")
    assert (claimed.id, claimed.job_type, claimed.payload) == (job, "transcription", {"a": 1})
    assert (claimed.priority, claimed.tenant_id, claimed.idempotency_key) == (8, "t", "k")
    assert (claimed.attempts, claimed.max_attempts, claimed.timeout_seconds) == (1, 7, 1.5)
    row = queue.row(job)
    assert (row["status"], row["worker"], row["attempts"], row["max_attempts"]) == ("processing", "w-1", 1, 7)
    assert row["started_at"] is not None
    assert row["completed_at"] is None


def test_higher_priority_first_then_what_was_due_first(queue: Queue) -> None:
    middle = [queue.enqueue() for _ in range(3)]
    low = queue.enqueue(priority=1)
    high = queue.enqueue(priority=8)
    assert [job.id for job in queue.claim(5)] == [high, *middle, low]


def test_one_by_one_is_the_same_order(queue: Queue) -> None:
    jobs = [queue.enqueue(priority=priority) for priority in (3, 8, 1, 8, 5)]
    order = [jobs[1], jobs[3], jobs[4], jobs[0], jobs[2]]
    assert [queue.claim()[0].id for _ in jobs] == order


def test_a_batch_that_shares_one_moment_keeps_its_order(queue: Queue) -> None:
    ids = queue.one("select public.enqueue_batch('work', array_fill('{}'::jsonb, array[30]))")
    assert [job.id for _ in range(3) for job in queue.claim(10)] == ids


def test_a_job_of_the_future_waits(queue: Queue) -> None:
    later = queue.enqueue(scheduled_for=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    now = queue.enqueue()
    assert [job.id for job in queue.claim(10)] == [now]
    assert queue.claim(10) == []
    queue.age(later, "0")
    assert [job.id for job in queue.claim(10)] == [later]


def test_a_job_is_claimed_when_its_time_has_come(queue: Queue) -> None:
    soon = queue.enqueue(scheduled_for=(datetime.now(UTC) + timedelta(milliseconds=400)).isoformat())
    claimed: list[Job] = []

    def claim() -> bool:
        claimed.extend(queue.claim())
        return bool(claimed)

    eventually(claim, "it is claimed")
    assert [job.id for job in claimed] == [soon]
    assert queue.one("select started_at >= scheduled_for from supacron_queue.running") is True


def test_only_the_types_asked_for(queue: Queue) -> None:
    ids = {name: queue.enqueue(name) for name in ("a", "b", "c")}
    assert [job.id for job in queue.claim(10, types=["b"])] == [ids["b"]]
    assert queue.claim(10, types=["b", "none"]) == []
    assert queue.claim(10, types=[]) == []
    assert {job.id for job in queue.claim(10, types=["a", "c"])} == {ids["a"], ids["c"]}


@pytest.mark.parametrize("limit", [0, -1, 1001, None])
def test_the_limit_has_bounds(queue: Queue, limit: int | None) -> None:
    with pytest.raises(errors.InvalidParameterValue, match="p_limit is between 1 and 1000"):
        queue.one("select count(*) from public.claim_jobs(%s)", limit)


def test_a_lease_is_longer_than_nothing(queue: Queue) -> None:
    with pytest.raises(errors.InvalidParameterValue, match="p_lease_seconds is above 0"):
        queue.claim(lease=0)


@pytest.mark.parametrize(("asked", "seconds"), [(None, 120), (7, 7)])
def test_the_lease_is_that_of_the_type_or_the_one_asked_for(queue: Queue, asked: float | None, seconds: int) -> None:
    queue.configure({"name": "slow", "lease_ms": 120_000})
    job = queue.enqueue("slow")
    queue.claim(lease=asked)
    lease = queue.one("select lease_expires_at - started_at from supacron_queue.running where id = %s", job)
    assert abs(lease.total_seconds() - seconds) < 1


def test_no_more_than_the_limit_from_many_bands(queue: Queue) -> None:
    for priority in range(1, 9):
        for job_type in ("a", "b", "c"):
            queue.enqueue(job_type, priority=priority)
            queue.enqueue(job_type, priority=priority)
    assert [job.priority for job in queue.claim(7)] == [8] * 6 + [7]


def test_a_new_band_is_found_at_once_when_nothing_else_is_there(queue: Queue) -> None:
    queue.enqueue("a")
    assert len(queue.claim()) == 1
    assert queue.claim() == []
    queue.connection.execute("update supacron_queue.lineup set sweep_pause = '0'")
    new = queue.enqueue("b", priority=2)
    assert [job.id for job in queue.claim()] == [new]


def test_a_job_that_was_committed_late_is_not_lost_behind_a_mark(queue: Queue) -> None:
    """Its scheduled_for lies before what was seen since: the sweep finds it."""
    with psycopg.connect(queue.database.url) as slow:
        late = Queue(queue.database, slow).enqueue()
        queue.one("select pg_sleep(1.1)")  # longer than the slack of a look
        others = [queue.enqueue() for _ in range(3)]
        queue.forget()
        assert [queue.claim()[0].id for _ in others] == others
        assert queue.claim() == []
        slow.commit()
    queue.connection.execute("update supacron_queue.lineup set sweep_pause = '0'")
    assert [job.id for job in queue.claim()] == [late]


def test_a_claim_that_is_rolled_back_took_nothing(queue: Queue) -> None:
    job = queue.enqueue()
    with psycopg.connect(queue.database.url) as connection:
        assert len(Queue(queue.database, connection).claim()) == 1
        assert queue.claim() == []
        connection.rollback()
    assert [each.id for each in queue.claim()] == [job]


def test_a_claim_does_not_wait_for_another(queue: Queue) -> None:
    first, second = queue.enqueue(), queue.enqueue()
    with psycopg.connect(queue.database.url) as connection:
        assert [job.id for job in Queue(queue.database, connection).claim()] == [first]
        assert [job.id for job in queue.claim()] == [second]


def test_eight_workers_share_without_overlap(queue: Queue) -> None:
    ids = queue.one("select public.enqueue_batch('work', array_fill('{}'::jsonb, array[2000]))")

    def drain(number: int) -> list[int]:
        mine: list[int] = []
        with psycopg.connect(queue.database.url, autocommit=True) as connection:
            own = Queue(queue.database, connection)
            while jobs := own.claim(7, worker=str(number)):
                assert own.complete(*jobs) == sorted(job.id for job in jobs)
                mine += [job.id for job in jobs]
        return mine

    with ThreadPoolExecutor(8) as pool:
        done = [job for jobs in pool.map(drain, range(8)) for job in jobs]
    assert sorted(done) == ids
    assert queue.counts() == {"completed": 2000}


def test_complete_and_claim_is_both(queue: Queue) -> None:
    first, second = queue.enqueue(payload=1), queue.enqueue(payload=2)
    mine = queue.claim()
    accepted, jobs = queue.one(
        "select accepted, (select array_agg(j.id) from unnest(jobs) j)"
        " from public.complete_and_claim(%s::bigint[], %s::uuid[], 5)",
        *pairs(mine),
    )
    assert (accepted, jobs) == ([first], [second])
    assert queue.status(first) == "completed"
    accepted, jobs = queue.one(
        "select accepted, cardinality(jobs) from public.complete_and_claim(%s::bigint[], %s::uuid[], 5)", *pairs(mine)
    )
    assert (accepted, jobs) == ([], 0)


def test_complete_and_claim_gives_what_a_claim_gives(queue: Queue) -> None:
    queue.configure({"name": "slow", "max_attempts": 7, "timeout_ms": 5_000, "lease_ms": 120_000})

    def claimed(source: str, me: str) -> list[tuple[Any, ...]]:
        for job_type in ("slow", "work", "slow"):
            queue.enqueue(job_type, payload=job_type, tenant_id="t", priority=4, idempotency_key=me + job_type)
        queue.claim(types=["none"])
        # What was just looked up serves, however slow this machine is.
        queue.connection.execute("update supacron_queue.lineup set pause = '1 hour'")
        found = queue.all(f"select id, claim_token, lease_expires_at, j.* from {source} j")
        queue.connection.execute("update supacron_queue.lineup set pause = '50 milliseconds'")
        held = "select id, claim_token, lease_expires_at from supacron_queue.running where worker = %s order by id"
        assert [job[:3] for job in found] == queue.all(held, me)
        lease = "select lease_expires_at - started_at from supacron_queue.running where worker = %s order by id"
        # Without what no two jobs share: id, times, token and key.
        shared = [(*job[4:8], *job[10:13]) for job in found]
        return [(*job, *lasts) for job, lasts in zip(shared, queue.all(lease, me), strict=True)]

    alone = claimed("public.claim_jobs(5, null, 'alone')", "alone")
    assert [job[:2] for job in alone] == [("slow", "slow"), ("work", "work")]
    both = (
        f"unnest((select c.jobs from public.complete_and_claim('{{}}', array['{NOBODY}']::uuid[], 5, null, 'both') c))"
    )
    assert claimed(both, "both") == alone


def test_a_crash_empties_the_caches_and_loses_nothing(queue: Queue) -> None:
    queue.enqueue("a"), queue.enqueue("b", tenant_id="t")
    (held,) = queue.claim()
    queue.one("select public.get_queue_stats()")
    queue.database.cluster.kill()
    queue.database.cluster.start()
    with queue.database.connect() as connection:
        again = Queue(queue.database, connection)
        assert again.all("select from supacron_queue.lineup union all select from supacron_queue.memory") == []
        assert again.status(held.id) == "processing"
        assert len(again.claim(10)) == 1
        assert again.complete(held) == [held.id]
