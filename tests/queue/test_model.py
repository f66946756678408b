"""A queue beside a model of it, under any sequence of calls: the statuses agree, and no job is lost or held twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.queue.queue import Job, Queue

pytestmark = pytest.mark.slow

MAX_ATTEMPTS = 3


@dataclass
class Model:
    """One job as it should be; `token` is that of the claim that holds it."""

    priority: int
    job_type: str
    status: str = "pending"
    attempts: int = 0
    token: str | None = None
    past: list[Job] = field(default_factory=list)


class Machine(RuleBasedStateMachine):
    queue: ClassVar[Queue]

    def __init__(self) -> None:
        super().__init__()
        self.jobs: dict[int, Model] = {}

    @initialize()
    def empty(self) -> None:
        self.queue.connection.execute(
            "truncate supacron_queue.ready, supacron_queue.running, supacron_queue.archive, supacron_queue.idempotency"
        )
        self.queue.forget()
        self.jobs.clear()

    def held(self) -> list[int]:
        return [job for job, model in self.jobs.items() if model.status == "processing"]

    def current(self, job: int) -> Job:
        return self.jobs[job].past[-1]

    @rule(priority=st.integers(1, 8), job_type=st.sampled_from(["a", "b"]))
    def enqueue(self, priority: int, job_type: str) -> None:
        job = self.queue.enqueue(job_type, priority=priority)
        assert job not in self.jobs
        self.jobs[job] = Model(priority, job_type)

    @rule(limit=st.integers(1, 4), types=st.sampled_from([None, ["a"], ["b"]]))
    def claim(self, limit: int, types: list[str] | None) -> None:
        self.queue.retry_now()
        waiting = [
            model.priority
            for model in self.jobs.values()
            if model.status == "pending" and (types is None or model.job_type in types)
        ]
        jobs = self.queue.claim(limit, types=types)
        assert [job.priority for job in jobs] == sorted(waiting, reverse=True)[:limit]
        for job in jobs:
            model = self.jobs[job.id]
            assert model.status == "pending"
            assert types is None or job.job_type in types
            model.status, model.attempts, model.token = "processing", model.attempts + 1, job.claim_token
            model.past.append(job)
            assert job.attempts == model.attempts

    @rule(data=st.data(), action=st.sampled_from(["complete", "fail", "final", "release", "heartbeat"]))
    def settle(self, data: st.DataObject, action: str) -> None:
        """With any claim that was ever made: only the current one counts."""
        claims = [claim for model in self.jobs.values() for claim in model.past]
        if not claims:
            return
        chosen = data.draw(st.lists(st.sampled_from(claims), min_size=1, max_size=4, unique_by=lambda job: job.id))
        expected = sorted(
            claim.id
            for claim in chosen
            if self.jobs[claim.id].status == "processing" and self.jobs[claim.id].token == claim.claim_token
        )
        match action:
            case "complete":
                accepted = self.queue.complete(*chosen)
            case "release":
                accepted = self.queue.release(*chosen)
            case "heartbeat":
                accepted = self.queue.heartbeat(*chosen)
            case _:
                accepted = sorted(self.queue.fail(*chosen, final=action == "final"))
        assert accepted == expected
        for job in accepted:
            self.after(job, action)

    def after(self, job: int, action: str) -> None:
        model = self.jobs[job]
        if action == "complete":
            model.status = "completed"
        elif action == "release":
            model.status, model.attempts = "pending", model.attempts - 1
        elif action == "final" or (action == "fail" and model.attempts >= MAX_ATTEMPTS):
            model.status = "failed"
        elif action == "fail":
            model.status = "pending"

    @rule(data=st.data())
    def expire(self, data: st.DataObject) -> None:
        if not self.held():
            return
        job = data.draw(st.sampled_from(self.held()))
        self.queue.expire(self.current(job))
        assert set(self.queue.return_stuck()) == {job}
        self.after(job, "fail")

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        if not self.jobs:
            return
        job = data.draw(st.sampled_from(sorted(self.jobs)))
        model = self.jobs[job]
        could = model.status in ("pending", "processing")
        assert self.queue.one("select public.cancel_job(%s)", job) is could
        if could:
            model.status = "cancelled"

    @rule()
    def requeue(self) -> None:
        failed = [job for job, model in self.jobs.items() if model.status == "failed"]
        requeued = self.queue.one("select public.requeue_failed(%s::bigint[])", sorted(self.jobs))
        assert sorted(requeued) == sorted(failed)
        for job in failed:
            self.jobs[job].status, self.jobs[job].attempts = "pending", 0

    @invariant()
    def the_database_agrees(self) -> None:
        rows = self.queue.all("select id, status, attempts from public.priority_queue order by id")
        expected = [(job, model.status, model.attempts) for job, model in sorted(self.jobs.items())]
        assert rows == expected


def test_no_sequence_of_calls_loses_a_job(queue: Queue) -> None:
    run_state_machine_as_test(
        type("Bound", (Machine,), {"queue": queue}),
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )
