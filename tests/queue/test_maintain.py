"""What runs every minute: stuck jobs, partitions, retention, pruning; and what a table grows to."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest

from tests.queue.queue import Queue

pytestmark = pytest.mark.slow


def maintain(queue: Queue) -> dict[str, Any]:
    found = queue.one("select supacron_queue.maintain()")
    assert isinstance(found, dict)
    return found


def partitions(queue: Queue) -> list[str]:
    return [
        name
        for (name,) in queue.all(
            "select inhrelid::regclass::text from pg_inherits"
            " where inhparent = 'supacron_queue.archive'::regclass order by 1"
        )
    ]


def partition_of(queue: Queue, days: int) -> str:
    return str(
        queue.one(
            "select 'supacron_queue.' || supacron_queue.archive_partition("
            "(now() at time zone 'UTC' + %s * interval '1 day')::date)",
            days,
        )
    )


def test_partitions_reach_a_week_ahead_and_are_made_once(queue: Queue) -> None:
    expected = [partition_of(queue, days) for days in range(8)]
    assert partitions(queue) == [*expected, "supacron_queue.archive_default"]
    assert maintain(queue)["partitions_made"] == 0


def test_finished_jobs_go_to_the_partition_of_their_day(queue: Queue) -> None:
    queue.enqueue()
    (job,) = queue.claim()
    queue.complete(job)
    assert queue.one("select tableoid::regclass::text from supacron_queue.archive") == partition_of(queue, 0)


def test_what_a_missing_partition_left_in_the_default_one_moves_to_its_own(queue: Queue) -> None:
    queue.connection.execute(f"drop table {partition_of(queue, 0)}".encode())
    queue.enqueue()
    (job,) = queue.claim()
    queue.complete(job)
    assert queue.one("select tableoid::regclass::text from supacron_queue.archive") == "supacron_queue.archive_default"
    assert maintain(queue)["partitions_made"] == 1
    assert queue.one("select tableoid::regclass::text from supacron_queue.archive") == partition_of(queue, 0)
    assert queue.status(job.id) == "completed"
    assert (
        queue.all(
            "select relname from pg_class where relname ~ '^archive_[0-9]' and relkind = 'r' and not relrowsecurity"
        )
        == []
    )


def test_a_new_partition_has_every_index_of_the_archive(queue: Queue) -> None:
    missing = queue.all(
        "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
        " where i.inhparent = 'supacron_queue.archive'::regclass"
        " and (select count(*) from pg_index x where x.indrelid = c.oid) <> 3"
    )
    assert missing == []


def test_partitions_older_than_the_archive_is_kept_are_dropped(queue: Queue) -> None:
    for days in (-92, -91, -90):
        queue.connection.execute(
            f"create table {partition_of(queue, days)} partition of supacron_queue.archive for values"
            f" from (date_trunc('day', now(), 'UTC') + {days} * interval '1 day')"
            f" to (date_trunc('day', now(), 'UTC') + {days + 1} * interval '1 day')".encode()
        )
    assert maintain(queue)["partitions_dropped"] == 2
    assert partitions(queue)[0] == partition_of(queue, -90)


def test_dropping_is_bounded(queue: Queue) -> None:
    for days in (-93, -92, -91):
        queue.connection.execute(
            f"create table {partition_of(queue, days)} partition of supacron_queue.archive for values"
            f" from (date_trunc('day', now(), 'UTC') + {days} * interval '1 day')"
            f" to (date_trunc('day', now(), 'UTC') + {days + 1} * interval '1 day')".encode()
        )
    assert queue.one("select supacron_queue.drop_partitions(2)") == 2
    assert queue.one("select supacron_queue.drop_partitions(2)") == 1


def test_an_archive_in_use_is_left_for_the_next_time(queue: Queue) -> None:
    queue.connection.execute(f"drop table {partition_of(queue, 7)}".encode())
    queue.enqueue()
    queue.expire(*queue.claim())
    with psycopg.connect(queue.database.url) as reader:
        reader.execute("select * from supacron_queue.archive")
        reader.execute("lock table supacron_queue.archive in share update exclusive mode")
        report = maintain(queue)
    assert report["returned"] == 1
    assert "partitions_made" not in report
    assert maintain(queue)["partitions_made"] == 1


def test_strays_in_the_default_partition_are_pruned(queue: Queue) -> None:
    for _ in range(3):
        queue.enqueue()
    queue.complete(*queue.claim(3))
    queue.connection.execute("update supacron_queue.archive set finished_at = finished_at - interval '100 days'")
    assert queue.one("select supacron_queue.prune(2)") == 2
    assert maintain(queue)["pruned"] == 1
    assert queue.one("select count(*) from supacron_queue.archive") == 0


def test_idempotency_keys_are_pruned_after_their_window_unless_the_job_lives(queue: Queue) -> None:
    for key in ("done", "running", "waiting", "young"):
        queue.enqueue(key, idempotency_key=key)
    queue.complete(*queue.claim(types=["done"]))
    queue.claim(types=["running"])
    queue.complete(*queue.claim(types=["young"]))
    queue.connection.execute(
        "update supacron_queue.idempotency set created_at = now() - interval '25 hours' where key <> 'young'"
    )
    assert maintain(queue)["pruned"] == 1
    keys = queue.all("select key from supacron_queue.idempotency order by key")
    assert keys == [("running",), ("waiting",), ("young",)]


def test_stuck_jobs_are_returned_and_counted(queue: Queue) -> None:
    queue.configure({"name": "once", "max_attempts": 1})
    queue.enqueue("once"), queue.enqueue("again")
    queue.expire(*queue.claim(2))
    report = maintain(queue)
    assert (report["returned"], report["failed"]) == (1, 1)


def test_it_returns_stuck_jobs_beside_working_workers(queue: Queue) -> None:
    """The reaper skips what a worker is settling at the moment."""
    queue.enqueue(), queue.enqueue()
    settling, stuck = queue.claim(2)
    queue.expire(settling, stuck)
    with psycopg.connect(queue.database.url) as worker:
        own = Queue(queue.database, worker)
        assert own.complete(settling) == [settling.id]
        assert queue.return_stuck() == {stuck.id: "pending"}
        worker.commit()
    assert queue.status(settling.id) == "completed"


def test_the_tables_stay_small_while_jobs_go_through(queue: Queue) -> None:
    """200,000 jobs through a backlog of 2,000: what waits and what runs takes no more room than at the start."""
    rounds, size = 100, 2_000
    stop = threading.Event()

    def vacuum() -> None:
        # What autovacuum does, without waiting for its naps.
        with queue.database.connect() as connection:
            while not stop.wait(0.5):
                connection.execute("vacuum supacron_queue.ready")
                connection.execute("vacuum supacron_queue.running")

    vacuuming = threading.Thread(target=vacuum)
    vacuuming.start()
    try:
        for _ in range(rounds):
            queue.one("select public.enqueue_batch('work', array_fill('{}'::jsonb, array[%s::integer]))", size)
            while jobs := queue.claim(1_000):
                queue.complete(*jobs)
    finally:
        stop.set()
        vacuuming.join()
    assert queue.counts() == {"completed": rounds * size}
    pages = queue.one(
        "select (pg_table_size('supacron_queue.ready') + pg_indexes_size('supacron_queue.ready')"
        " + pg_table_size('supacron_queue.running') + pg_indexes_size('supacron_queue.running')) / 8192"
    )
    # Some 700 pages were seen, most of them for rows that were not yet vacuumed; 200,000 jobs would take some 7,000.
    assert pages < 2_500
