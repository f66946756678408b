"""What becomes of a claimed job: completed, failed, released, kept alive, lost, cancelled, requeued."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from psycopg import errors

from tests.queue.queue import NOBODY, Job, Queue

pytestmark = pytest.mark.slow


def claimed(queue: Queue, count: int = 1) -> list[Job]:
    for _ in range(count):
        queue.enqueue()
    jobs = queue.claim(count)
    assert len(jobs) == count
    return jobs


def test_a_completed_job_keeps_its_history(queue: Queue) -> None:
    (job,) = claimed(queue)
    assert queue.complete(job) == [job.id]
    row = queue.row(job.id)
    assert (row["status"], row["attempts"], row["worker"]) == ("completed", 1, "w")
    assert row["started_at"] <= row["completed_at"] == row["updated_at"]


def test_a_job_is_completed_once(queue: Queue) -> None:
    (job,) = claimed(queue)
    assert queue.complete(job) == [job.id]
    assert queue.complete(job) == []
    assert queue.counts() == {"completed": 1}


def test_many_settle_in_one_call_with_one_token_or_one_each(queue: Queue) -> None:
    jobs = claimed(queue, 4)
    ids, token = [job.id for job in jobs], jobs[0].claim_token
    assert {job.claim_token for job in jobs} == {token}
    assert queue.one("select public.heartbeat_jobs(%s::bigint[], array[%s::uuid])", ids, token)
    assert sorted(queue.one("select public.complete_jobs(%s::bigint[], array[%s::uuid])", ids[:2], token)) == ids[:2]
    assert queue.complete(*jobs[2:]) == ids[2:]


def test_tokens_and_ids_belong_together(queue: Queue) -> None:
    with pytest.raises(errors.InvalidParameterValue, match="3 ids, but 2 claim tokens"):
        queue.one("select public.complete_jobs('{1,2,3}', array[%s::uuid, %s::uuid])", NOBODY, NOBODY)
    with pytest.raises(errors.InvalidParameterValue, match="3 ids, but 2 errors"):
        queue.all("select public.fail_jobs('{1,2,3}', array[%s::uuid], '{a,b}')", NOBODY)


@pytest.mark.parametrize(
    "call",
    [
        "public.complete_jobs(%s::bigint[], %s::uuid[])",
        "accepted from public.complete_and_claim(%s::bigint[], %s::uuid[], 1, '{none}')",
    ],
)
def test_each_token_is_that_of_its_own_id(queue: Queue, call: str) -> None:
    """Whoever holds both may still not end one with the other's: it may have lost that claim since."""
    (a,), (b,) = claimed(queue), claimed(queue)

    def ended(*places: tuple[Job, Job]) -> list[int]:
        ids, tokens = [job.id for job, _ in places], [held.claim_token for _, held in places]
        return sorted(queue.one(f"select {call}", ids, tokens))

    assert ended((a, b), (b, a)) == []
    assert ended((a, a), (b, a)) == [a.id]
    assert ended((b, a), (b, b)) == [b.id]


def test_nothing_to_settle_is_nothing_settled(queue: Queue) -> None:
    assert queue.complete() == queue.release() == queue.heartbeat() == []
    assert queue.fail() == {}


class TestFailure:
    def test_it_waits_for_its_retry_as_pending(self, queue: Queue) -> None:
        (job,) = claimed(queue)
        assert queue.fail(job, errors=["HTTP 503"]) == {job.id: "pending"}
        row = queue.row(job.id)
        assert (row["status"], row["attempts"], row["error_message"]) == ("pending", 1, "HTTP 503")
        assert row["updated_at"] > row["created_at"]
        queue.retry_now()
        (again,) = queue.claim()
        assert (again.id, again.attempts) == (job.id, 2)
        queue.complete(again)
        assert queue.row(job.id)["error_message"] == "HTTP 503"

    def test_the_last_attempt_is_final(self, queue: Queue) -> None:
        queue.enqueue()
        for attempt, outcome in enumerate(["pending", "pending", "failed"], 1):
            queue.retry_now()
            (job,) = queue.claim()
            assert job.attempts == attempt
            assert queue.fail(job, errors=[f"error {attempt}"]) == {job.id: outcome}
        row = queue.row(job.id)
        assert (row["status"], row["attempts"], row["error_message"]) == ("failed", 3, "error 3")
        assert queue.claim() == []

    def test_a_job_type_has_its_own_limit(self, queue: Queue) -> None:
        queue.configure({"name": "once", "max_attempts": 1})
        queue.enqueue("once")
        (job,) = queue.claim()
        assert queue.fail(job) == {job.id: "failed"}

    def test_a_final_failure_is_not_tried_again(self, queue: Queue) -> None:
        (job,) = claimed(queue)
        assert queue.fail(job, errors=["no such recording"], final=True) == {job.id: "failed"}

    def test_each_has_its_own_error_or_all_one(self, queue: Queue) -> None:
        first, second, third = claimed(queue, 3)
        queue.fail(first, second, errors=["one", "two"])
        queue.fail(third)
        messages = [queue.row(job.id)["error_message"] for job in (first, second, third)]
        assert messages == ["one", "two", "failed without a message"]

    def test_a_long_error_is_cut(self, queue: Queue) -> None:
        (job,) = claimed(queue)
        queue.fail(job, errors=["x" * 5_000])
        assert len(queue.row(job.id)["error_message"]) == 2_000

    def test_the_backoff_doubles_up_to_its_limit_with_full_jitter(self, queue: Queue) -> None:
        queue.configure(max_attempts=100, backoff_base_ms=10_000, backoff_max_ms=60_000)
        count = 200
        queue.one("select public.enqueue_batch('work', array_fill('{}'::jsonb, array[%s::integer]))", count)
        for ceiling in (10, 20, 40, 60, 60):
            queue.retry_now()
            jobs = queue.claim(count)
            assert len(jobs) == count
            now = datetime.now(UTC)
            queue.fail(*jobs)
            delays = [
                (due - now).total_seconds() for (due,) in queue.all("select scheduled_for from supacron_queue.ready")
            ]
            # Uniform between zero and the ceiling: that all 200 miss a tenth at either end has a chance of 1e-9.
            assert -1 < min(delays) < ceiling * 0.1 + 1
            assert ceiling * 0.9 < max(delays) < ceiling + 2


class TestRelease:
    def test_it_is_as_it_was_and_first_again(self, queue: Queue) -> None:
        job, other = queue.enqueue(), queue.enqueue()
        before = queue.row(job)
        (held,) = queue.claim()
        assert queue.release(held) == [job]
        after = queue.row(job)
        assert {name for name in before if before[name] != after[name]} == {"updated_at"}
        assert [each.id for each in queue.claim(2)] == [job, other]

    def test_it_is_found_behind_a_mark(self, queue: Queue) -> None:
        ids = queue.one("select public.enqueue_batch('work', array_fill('{}'::jsonb, array[20]))")
        queue.one("select pg_sleep(1.1)")  # longer than the slack of a look: the marks move on
        held = queue.claim(10)
        queue.connection.execute("update supacron_queue.lineup set looked_at = '-infinity'")
        assert [job.id for job in queue.claim()] == [ids[10]]
        queue.release(*held)
        assert [job.id for job in queue.claim()] == [ids[0]]


class TestFence:
    """A worker whose lease is lost can say nothing of a job that another holds."""

    def lost(self, queue: Queue) -> tuple[Job, Job]:
        """The claim that was lost, and that of the worker which holds the job now."""
        (first,) = claimed(queue)
        queue.expire(first)
        assert queue.return_stuck() == {first.id: "pending"}
        queue.retry_now()
        (second,) = queue.claim(worker="other")
        assert second.id == first.id
        return first, second

    def test_it_cannot_settle_it(self, queue: Queue) -> None:
        first, second = self.lost(queue)
        assert queue.complete(first) == queue.release(first) == queue.heartbeat(first) == []
        assert queue.fail(first) == {}
        row = queue.row(first.id)
        assert (row["status"], row["worker"]) == ("processing", "other")
        assert queue.complete(second) == [second.id]

    def test_it_cannot_settle_it_beside_others_of_its_own(self, queue: Queue) -> None:
        first, second = self.lost(queue)
        (mine,) = claimed(queue)
        assert queue.complete(first, mine) == [mine.id]
        assert queue.status(second.id) == "processing"

    def test_a_token_of_another_job_does_not_help(self, queue: Queue) -> None:
        (mine,) = claimed(queue)
        queue.enqueue()
        (theirs,) = queue.claim(worker="other")
        forged = Job(**(theirs.__dict__ | {"claim_token": mine.claim_token}))
        assert queue.complete(forged) == []

    def test_who_holds_it_still_may_settle_it_late(self, queue: Queue) -> None:
        """Its lease ran out, but nobody else was given the job."""
        (job,) = claimed(queue)
        queue.expire(job)
        assert queue.complete(job) == [job.id]


class TestLease:
    def test_a_heartbeat_starts_it_anew(self, queue: Queue) -> None:
        (job,) = claimed(queue)
        queue.expire(job)
        assert queue.heartbeat(job) == [job.id]
        assert queue.return_stuck() == {}
        left = queue.one("select lease_expires_at - now() from supacron_queue.running")
        assert timedelta(seconds=55) < left <= timedelta(seconds=60)
        queue.heartbeat(job, lease=600)
        left = queue.one("select lease_expires_at - now() from supacron_queue.running")
        assert timedelta(seconds=590) < left <= timedelta(seconds=600)

    def test_a_heartbeat_of_nothing_is_refused(self, queue: Queue) -> None:
        with pytest.raises(errors.InvalidParameterValue, match="p_lease_seconds is above 0"):
            queue.heartbeat(*claimed(queue), lease=-1)

    def test_an_expired_one_counts_as_a_failed_attempt(self, queue: Queue) -> None:
        jobs = claimed(queue, 3)
        queue.expire(*jobs[:2])
        assert queue.return_stuck() == {job.id: "pending" for job in jobs[:2]}
        row = queue.row(jobs[0].id)
        assert (row["attempts"], row["worker"]) == (1, None)
        assert row["error_message"].startswith("the lease of w ran out at 20")
        assert row["scheduled_for"] > datetime.now(UTC) - timedelta(seconds=1)
        assert queue.status(jobs[2].id) == "processing"

    def test_the_last_attempt_ends_as_a_dead_letter(self, queue: Queue) -> None:
        queue.configure(max_attempts=1)
        (job,) = claimed(queue)
        queue.expire(job)
        assert queue.return_stuck() == {job.id: "failed"}

    def test_jobs_that_run_too_long_can_be_taken_back_by_hand(self, queue: Queue) -> None:
        (job,) = claimed(queue)
        assert queue.all("select id from public.return_stuck_jobs(p_running_for => '1 hour')") == []
        queue.connection.execute("update supacron_queue.running set started_at = now() - interval '2 hours'")
        assert queue.all("select id from public.return_stuck_jobs(p_running_for => '1 hour')") == [(job.id,)]
        assert "after running since" in queue.row(job.id)["error_message"]

    def test_no_more_are_returned_than_asked_for(self, queue: Queue) -> None:
        queue.expire(*claimed(queue, 3))
        assert len(queue.all("select id from public.return_stuck_jobs(2)")) == 2
        assert len(queue.return_stuck()) == 1


class TestCancel:
    def cancel(self, queue: Queue, job: int, reason: str | None = None) -> bool:
        return bool(queue.one("select public.cancel_job(%s, %s)", job, reason))

    def test_a_waiting_job(self, queue: Queue) -> None:
        job = queue.enqueue()
        assert self.cancel(queue, job, "not wanted")
        row = queue.row(job)
        assert (row["status"], row["error_message"], row["completed_at"]) == ("cancelled", "not wanted", None)
        assert queue.claim() == []

    def test_a_running_job_is_taken_from_its_worker(self, queue: Queue) -> None:
        (job,) = claimed(queue)
        assert self.cancel(queue, job.id)
        assert queue.heartbeat(job) == queue.complete(job) == []
        assert queue.row(job.id)["worker"] == "w"
        assert queue.status(job.id) == "cancelled"

    def test_what_ended_cannot_be_cancelled(self, queue: Queue) -> None:
        (job,) = claimed(queue)
        queue.complete(job)
        assert not self.cancel(queue, job.id)
        assert not self.cancel(queue, 10**9)
        assert queue.status(job.id) == "completed"


class TestRequeue:
    def test_dead_letters_start_anew(self, queue: Queue) -> None:
        first, second, third = claimed(queue, 3)
        queue.fail(first, second, final=True)
        queue.complete(third)
        assert queue.one("select public.requeue_failed(array[%s, %s])", first.id, third.id) == [first.id]
        row = queue.row(first.id)
        assert (row["status"], row["attempts"]) == ("pending", 0)
        assert queue.status(second.id) == "failed"
        (again,) = queue.claim(10)
        assert (again.id, again.attempts) == (first.id, 1)

    def test_all_of_a_type_up_to_a_limit(self, queue: Queue) -> None:
        jobs = claimed(queue, 3)
        queue.fail(*jobs, final=True)
        assert queue.one("select public.requeue_failed(p_job_type => 'other')") == []
        assert len(queue.one("select public.requeue_failed(p_job_type => 'work', p_limit => 2)")) == 2
        assert queue.counts() == {"pending": 2, "failed": 1}

    def test_it_wants_to_know_which(self, queue: Queue) -> None:
        with pytest.raises(errors.InvalidParameterValue, match="name the failed jobs"):
            queue.one("select public.requeue_failed()")
