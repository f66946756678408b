"""Adding jobs: one, many, with an idempotency key, and what is refused."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors

from tests.queue.queue import Queue

pytestmark = pytest.mark.slow


def test_the_documents_call(queue: Queue) -> None:
    due = datetime.now(UTC) + timedelta(hours=1)
    job = queue.enqueue(
        "transcription",
        {"call_sid": "CA123", "recording_url": "https://example.com/1"},
        priority=8,
        tenant_id="acme",
        scheduled_for=due.isoformat(),
    )
    row = queue.row(job)
    assert row["job_type"] == "transcription"
    assert row["payload"] == {"call_sid": "CA123", "recording_url": "https://example.com/1"}
    assert (row["priority"], row["tenant_id"], row["scheduled_for"]) == (8, "acme", due)
    assert (row["status"], row["attempts"], row["max_attempts"]) == ("pending", 0, 3)


def test_what_is_left_out_has_a_default(queue: Queue) -> None:
    row = queue.row(queue.enqueue())
    assert (row["priority"], row["tenant_id"], row["idempotency_key"]) == (5, None, None)
    assert row["scheduled_for"] <= datetime.now(UTC)


def test_null_is_the_default_too(queue: Queue) -> None:
    job = queue.one("select public.enqueue_job('work', null, null, null, null, null)")
    row = queue.row(job)
    assert (row["priority"], row["payload"], row["tenant_id"]) == (5, {}, None)
    assert [each.id for each in queue.claim()] == [job]


def test_a_time_in_the_past_means_now(queue: Queue) -> None:
    before = datetime.now(UTC)
    job = queue.enqueue(scheduled_for=(before - timedelta(days=1)).isoformat())
    assert queue.row(job)["scheduled_for"] >= before - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"job_type": ""}, '"" is no job type'),
        ({"job_type": None}, '"<NULL>" is no job type'),
        ({"job_type": " spaced"}, '" spaced" is no job type'),
        ({"job_type": "~"}, '"~" is no job type'),
        ({"job_type": "été"}, '"été" is no job type'),
        ({"job_type": "x" * 101}, f'"{"x" * 100}" is no job type'),
        ({"priority": 0}, "priority 0 is not between 1 and 10"),
        ({"priority": 11}, "priority 11 is not between 1 and 10"),
        ({"priority": -1}, "priority -1 is not between 1 and 10"),
        ({"tenant_id": ""}, "a tenant id has 1 to 200 characters"),
        ({"tenant_id": "x" * 201}, "a tenant id has 1 to 200 characters"),
        ({"idempotency_key": ""}, "an idempotency key has 1 to 500 characters"),
        ({"idempotency_key": "x" * 501}, "an idempotency key has 1 to 500 characters"),
    ],
)
def test_what_cannot_be_a_job_is_refused(queue: Queue, arguments: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"job_type": "work"} | arguments
    good = {"job_type": "work"}
    for enqueue in (
        lambda: queue.enqueue(**given),
        lambda: queue.one("select public.enqueue_jobs(%s)", json.dumps([good, given])),
    ):
        with pytest.raises(errors.InvalidParameterValue) as caught:
            enqueue()
        assert caught.value.diag.message_primary == f"supacron: {message}"
        assert caught.value.diag.message_hint
    assert queue.counts() == {}


def test_priorities_nine_and_ten_are_kept_for_emergencies(queue: Queue) -> None:
    queue.configure({"name": "alarm", "urgent": True})
    assert queue.row(queue.enqueue("alarm", priority=10))["priority"] == 10
    with pytest.raises(errors.InsufficientPrivilege, match='priority 9 is kept for emergencies, which "work" is not'):
        queue.enqueue("work", priority=9)
    queue.configure(urgent_roles=["service_role"])
    with queue.role("service_role") as service:
        assert service.enqueue("work", priority=9)
    with pytest.raises(errors.InsufficientPrivilege):
        queue.enqueue("work", priority=9)


def test_an_emergency_in_a_new_band_is_claimed_next(queue: Queue) -> None:
    queue.configure({"name": "alarm", "urgent": True})
    queue.enqueue(), queue.enqueue()
    assert len(queue.claim()) == 1
    alarm = queue.enqueue("alarm", priority=10)
    assert [job.id for job in queue.claim()] == [alarm]


def test_an_emergency_in_an_open_transaction_holds_up_nobody(queue: Queue) -> None:
    queue.configure({"name": "alarm", "urgent": True})
    job = queue.enqueue()
    assert queue.claim(types=["none"]) == []
    with psycopg.connect(queue.database.url) as connection:
        Queue(queue.database, connection).enqueue("alarm", priority=10)
        assert [each.id for each in queue.claim()] == [job]
        assert queue.enqueue("alarm", priority=10)


def test_many_in_one_call_keep_their_order(queue: Queue) -> None:
    later = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    jobs = [
        {"job_type": "b", "payload": {"n": 1}},
        {"job_type": "a", "payload": [2], "priority": 8, "tenant_id": "t"},
        {"job_type": "b", "scheduled_for": later},
    ]
    ids = queue.one("select public.enqueue_jobs(%s)", json.dumps(jobs))
    rows = [queue.row(each) for each in ids]
    assert [row["job_type"] for row in rows] == ["b", "a", "b"]
    assert [row["payload"] for row in rows] == [{"n": 1}, [2], {}]
    assert (rows[1]["priority"], rows[1]["tenant_id"]) == (8, "t")
    assert rows[2]["scheduled_for"] == datetime.fromisoformat(later)


def test_many_with_keys_keep_their_order_and_hold_each_key_once(queue: Queue) -> None:
    jobs = [{"job_type": "w", "payload": n, "idempotency_key": key} for n, key in enumerate(["z", None, "a", "z"])]
    ids = queue.one("select public.enqueue_jobs(%s)", json.dumps(jobs))
    assert ids[0] == ids[3]
    assert len(set(ids)) == 3
    assert [queue.row(each)["payload"] for each in ids[:3]] == [0, 1, 2]


def test_none_in_one_call(queue: Queue) -> None:
    assert queue.one("select public.enqueue_jobs('[]')") == []
    assert queue.one("select public.enqueue_batch('work', '{}')") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "p_jobs is no JSON array"),
        ("null", "p_jobs is no JSON array"),
        ('[{"job_type": "w", "pirority": 8}, {"job_type": "w"}]', 'job 1: unknown key "pirority"'),
        ('[{"job_type": "w"}, 7]', 'job 2: unknown key "(no object)"'),
        ('[{"x": 1}, {"y": 1}]', 'job 1: unknown key "x"; job 2: unknown key "y"'),
    ],
)
def test_many_that_are_misspelt_are_refused(queue: Queue, text: str, message: str) -> None:
    with pytest.raises(errors.InvalidParameterValue) as caught:
        queue.one("select public.enqueue_jobs(%s)", text)
    assert caught.value.diag.message_primary == f"supacron: {message}"
    assert queue.counts() == {}


def test_a_batch_of_one_type(queue: Queue) -> None:
    ids = queue.one(
        "select public.enqueue_batch("
        "'work', array['{\"n\": 1}', null, '3']::jsonb[], p_priority => 7, p_tenant_id => 't')"
    )
    rows = [queue.row(each) for each in ids]
    assert [row["payload"] for row in rows] == [{"n": 1}, {}, 3]
    assert {(row["priority"], row["tenant_id"]) for row in rows} == {(7, "t")}
    with pytest.raises(errors.InsufficientPrivilege):
        queue.one("select public.enqueue_batch('work', array['{}']::jsonb[], 9)")


class TestIdempotencyKey:
    def test_a_second_call_returns_the_first_id(self, queue: Queue) -> None:
        first = queue.enqueue(payload=1, idempotency_key="k")
        assert queue.enqueue(payload=2, idempotency_key="k") == first
        assert queue.row(first)["payload"] == 1
        assert queue.counts() == {"pending": 1}

    def test_it_counts_within_its_type_and_tenant(self, queue: Queue) -> None:
        ids = {
            queue.enqueue("a", idempotency_key="k"),
            queue.enqueue("b", idempotency_key="k"),
            queue.enqueue("a", idempotency_key="k", tenant_id="t"),
            queue.enqueue("a", idempotency_key="k", tenant_id="u"),
        }
        assert len(ids) == 4

    def test_it_counts_while_the_job_runs_and_within_the_window_after(self, queue: Queue) -> None:
        first = queue.enqueue(idempotency_key="k")
        (job,) = queue.claim()
        assert job.idempotency_key == "k"
        assert queue.enqueue(idempotency_key="k") == first
        queue.complete(job)
        assert queue.enqueue(idempotency_key="k") == first

    def test_after_the_window_it_is_free_once_the_job_ended(self, queue: Queue) -> None:
        first = queue.enqueue(idempotency_key="k")
        queue.connection.execute("update supacron_queue.idempotency set created_at = now() - interval '25 hours'")
        assert queue.enqueue(idempotency_key="k") == first
        (job,) = queue.claim()
        assert queue.enqueue(idempotency_key="k") == first
        queue.complete(job)
        second = queue.enqueue(idempotency_key="k")
        assert second != first
        assert queue.status(second) == "pending"
        assert queue.enqueue(idempotency_key="k") == second

    def test_many_sessions_at_once_make_one_job(self, queue: Queue) -> None:
        def enqueue(_: int) -> int:
            with psycopg.connect(queue.database.url, autocommit=True) as connection:
                return Queue(queue.database, connection).enqueue(idempotency_key="k")

        with ThreadPoolExecutor(8) as pool:
            ids = set(pool.map(enqueue, range(24)))
        assert len(ids) == 1
        assert queue.counts() == {"pending": 1}

    def test_a_session_that_rolls_back_leaves_the_key_free(self, queue: Queue) -> None:
        with psycopg.connect(queue.database.url) as connection:
            lost = Queue(queue.database, connection).enqueue(idempotency_key="k")
            connection.rollback()
        kept = queue.enqueue(idempotency_key="k")
        assert kept != lost
        assert queue.status(kept) == "pending"


def test_the_owners_own_functions_enqueue_for_anybody(queue: Queue) -> None:
    job = queue.one("select supacron_queue.enqueue('work', '{\"a\": 1}', 9, 't')")
    row = queue.row(job)
    assert (row["priority"], row["tenant_id"], row["payload"]) == (9, "t", {"a": 1})
