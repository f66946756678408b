"""A claim reads its index from the front of a band: with a million jobs behind it as with ten."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.queue.queue import NOBODY, Queue

pytestmark = pytest.mark.slow

COUNT = 100_000


@pytest.fixture
def full(queue: Queue) -> Queue:
    """A backlog, planned for as if it were empty: the worst that statistics can say."""
    queue.connection.execute("analyze supacron_queue.ready")
    queue.one("select public.enqueue_batch('work', array_fill('{}'::jsonb, array[%s::integer]))", COUNT)
    queue.one("select public.enqueue_batch('other', array_fill('{}'::jsonb, array[%s::integer]), 3, 't')", COUNT)
    queue.forget()
    return queue


def pages_read(queue: Queue, call: str, *parameters: Any) -> int:
    """Buffers that a call touches once its plans are made and the cache of bands is fresh."""
    for _ in range(2):
        queue.all(f"select {call}", *parameters)
    plan = queue.one(f"explain (analyze, buffers, format json) select {call}", *parameters)
    return int(plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"])


@pytest.mark.parametrize(
    "call", ["public.claim_jobs(10)", "public.claim_jobs(10, '{other}')", "public.claim_jobs(10, '{none}')"]
)
def test_a_claim_reads_few_pages_of_a_long_queue(full: Queue, call: str) -> None:
    # 10 jobs: their rows, index entries, and as many rows written. A scan of the backlog would read thousands.
    assert pages_read(full, call) < 600


def test_settling_reads_few_pages_of_many_running(full: Queue) -> None:
    for _ in range(20):
        full.claim(1_000)
    assert pages_read(full, "public.complete_jobs(array[1, 2, 3], array[%s::uuid])", NOBODY) < 60
    assert pages_read(full, "public.heartbeat_jobs(array[1, 2, 3], array[%s::uuid])", NOBODY) < 60


def test_plans_of_the_time_when_nothing_ran_serve_when_much_does(queue: Queue) -> None:
    """Vacuum makes an empty table one of no pages, and a session keeps its plans."""
    nothing = f"array[1, 2, 3], array['{NOBODY}']::uuid[]"
    calls = [f"public.{name}({nothing})" for name in ("complete_jobs", "heartbeat_jobs", "release_jobs", "fail_jobs")]
    calls.insert(0, f"public.complete_and_claim({nothing})")
    queue.connection.execute("vacuum (analyze) supacron_queue.running")
    for call in calls:
        pages_read(queue, call)
    queue.one("select public.enqueue_batch('work', array_fill('{}'::jsonb, array[10100]))")
    for _ in range(10):
        queue.claim(1_000)
    # No look is counted with the one that claims, however slow this machine is.
    queue.connection.execute("update supacron_queue.lineup set looked_at = '-infinity', pause = '1 hour'")
    queue.claim()
    queue.connection.execute("update supacron_queue.lineup set pause = '1 hour'")
    assert {call: pages for call in calls if (pages := pages_read(queue, call)) >= 120} == {}


def test_enqueueing_reads_few_pages(full: Queue) -> None:
    assert pages_read(full, "public.enqueue_job('work', '{}')") < 40


def plan_of_claim(queue: Queue) -> str:
    """The plans of all statements inside of one claim, as the server explains them."""
    notices: list[str] = []
    with queue.database.superuser() as superuser:
        superuser.add_notice_handler(lambda notice: notices.append(notice.message_primary or ""))
        superuser.execute("load 'auto_explain'")
        superuser.execute("set client_min_messages = log")
        superuser.execute("set auto_explain.log_min_duration = 0")
        superuser.execute("set auto_explain.log_nested_statements = on")
        superuser.execute("select public.claim_jobs(10)")
    return "\n".join(notices)


def pretend_it_is_large(queue: Queue) -> None:
    """Statistics of two hundred million jobs that wait and as many that run: a thousand times the rows on each page."""
    queue.connection.execute("analyze supacron_queue.ready, supacron_queue.running")
    with queue.database.superuser() as superuser:
        superuser.execute(
            "update pg_class set reltuples = greatest(reltuples, 1) * 1000"
            " where oid in ('supacron_queue.ready'::regclass, 'supacron_queue.running'::regclass)"
        )


@pytest.mark.parametrize("large", [False, True])
def test_a_claim_uses_the_band_index_and_sorts_no_backlog(full: Queue, large: bool) -> None:
    if large:
        full.claim(1_000)
        pretend_it_is_large(full)
    plan = plan_of_claim(full)
    assert re.search(r"Index Scan using ready_band on ready q\b", plan)
    assert "Seq Scan on ready" not in plan
    assert "Bitmap" not in plan
    assert (
        "Index Cond: ((job_type = (b.job_type)::text) AND (priority = b.priority) AND (tenant_id = (b.tenant_id)::text)"
        in plan
    )


def test_a_claim_finds_the_lineup_before_its_old_versions(full: Queue) -> None:
    """It is rewritten at each look, and another session's snapshot keeps all that it ever was."""
    assert "Index Scan Backward using lineup_pkey on lineup l" in plan_of_claim(full)


def test_dead_entries_before_a_mark_are_not_read_again(full: Queue) -> None:
    """Another session's snapshot keeps the entries of claimed jobs in the index."""
    with full.database.connect(autocommit=False) as holder:
        holder.execute("set transaction isolation level repeatable read")
        holder.execute("select 1 from supacron_queue.settings")
        for _ in range(20):
            full.complete(*full.claim(1_000))
        full.connection.execute("update supacron_queue.lineup set looked_at = '-infinity'")
        full.claim()
        with_marks = pages_read(full, "public.claim_jobs(10)")
        full.connection.execute(
            "update supacron_queue.lineup set pause = '1 hour',"
            " marks = array_fill('-infinity'::timestamptz, array[cardinality(marks)])"
        )
        without = pages_read(full, "public.claim_jobs(10)")
        # 20,000 dead entries are a few hundred pages.
        assert without - with_marks > 300
        assert with_marks < 200
