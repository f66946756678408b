"""A job's runs beside a model of them: no sequence of answers, crashes, pauses and edits leads anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from supacron.model.desired import DesiredRetry
from supacron.model.policy import RETRIED
from tests.runtime.runtime import Runtime

pytestmark = pytest.mark.slow

ATTEMPTS = 3
RETRY = DesiredRetry(attempts=ATTEMPTS, backoff_ms=1, max_backoff_ms=1, within_ms=3_600_000, on=RETRIED)


@dataclass
class Run:
    """`state`: waiting for an answer, leaving (when its turn comes), or over."""

    state: str = "waiting"
    attempt: int = 1
    outcome: str | None = None
    last_attempt: int | None = None

    def settle(self, outcome: str, *, may_retry: bool) -> None:
        left = min(ATTEMPTS, self.last_attempt or ATTEMPTS) - self.attempt
        if outcome in ("http_error", "no_response") and may_retry and left > 0:
            self.state = "leaving"
        else:
            self.state, self.outcome = "over", outcome


class Machine(RuleBasedStateMachine):
    runtime: ClassVar[Runtime]

    def __init__(self) -> None:
        super().__init__()
        self.runs: dict[int, Run] = {}
        self.retries = self.paused = False

    @initialize(retries=st.booleans())
    def empty(self, retries: bool) -> None:
        self.runtime.connection.execute(
            "truncate supacron.run cascade; truncate supacron.pause, supacron.net_epoch;"
            " update supacron.job set overlap = null"
        )
        self.edit(retries)

    def one_of(self, data: st.DataObject, state: str) -> int | None:
        known = [number for number, run in self.runs.items() if run.state == state]
        return data.draw(st.sampled_from(known)) if known else None

    @rule()
    def call(self) -> None:
        number = int(self.runtime.one("select supacron.call('http')"))
        is_open = any(run.state != "over" for run in self.runs.values())
        self.runs[number] = Run("over", 0, "skipped") if is_open else Run()

    @rule(data=st.data(), status=st.sampled_from((200, 404, 500)))
    def answer(self, data: st.DataObject, status: int) -> None:
        if (number := self.one_of(data, "waiting")) is None:
            return
        self.runtime.superuser.execute(
            "insert into net._http_response (id, status_code, timed_out)"
            " select request_id, %s, false from supacron.run where id = %s",
            [status, number],
        )
        self.runtime.one("select supacron.collect_answers()")
        may_retry = self.retries and status == 500
        self.runs[number].settle("ok" if status == 200 else "http_error", may_retry=may_retry)

    @rule(data=st.data())
    def silence(self, data: st.DataObject) -> None:
        if (number := self.one_of(data, "waiting")) is None:
            return
        self.runtime.connection.execute(
            "update supacron.run set deadline = now() - interval '1 s' where id = %s", [number]
        )
        self.runtime.one("select supacron.collect_answers()")
        self.runs[number].settle("no_response", may_retry=self.retries)

    @rule()
    def crash(self) -> None:
        """What pg_net had is gone, and so is all that waited for it."""
        self.runtime.connection.execute("truncate supacron.net_epoch")
        self.runtime.one("select supacron.collect_answers()")
        for run in self.runs.values():
            if run.state == "waiting":
                run.settle("no_response", may_retry=self.retries)

    @rule()
    def turn(self) -> None:
        """The first that may leave does, unless another is under way."""
        self.runtime.connection.execute(
            "update supacron.run set leave_at = now() - interval '1 s' where leave_at is not null"
        )
        sent = self.runtime.one("select supacron.send_waiting()")
        leaving = sorted(number for number, run in self.runs.items() if run.state == "leaving")
        under_way = any(run.state == "waiting" for run in self.runs.values())
        first = self.runs[leaving[0]] if leaving else None
        if first is None or under_way or (self.paused and first.last_attempt is None):
            assert sent == 0
            return
        assert sent == 1
        first.state, first.attempt = "waiting", first.attempt + 1

    @rule(data=st.data())
    def retry_by_hand(self, data: st.DataObject) -> None:
        number = self.one_of(data, "over")
        if number is None or self.runs[number].outcome in ("ok", "skipped"):
            return
        self.runtime.one("select supacron.retry_run(%s, 'Ada')", number)
        run = self.runs[number]
        run.state, run.outcome, run.last_attempt = "leaving", None, run.attempt + 1

    @rule()
    def pause(self) -> None:
        self.runtime.connection.execute(
            "insert into supacron.pause (job_id, paused_by, reason)"
            " select id, 'Ada', '' from supacron.job where name = 'http' on conflict do nothing"
        )
        self.paused = True

    @rule()
    def resume(self) -> None:
        self.runtime.connection.execute("truncate supacron.pause")
        self.paused = False

    @rule(retries=st.booleans())
    def edit(self, retries: bool) -> None:
        text = RETRY.model_dump_json() if retries else None
        self.runtime.connection.execute("update supacron.job set retry = %s::text::jsonb", [text])
        self.retries = retries

    @invariant()
    def they_agree(self) -> None:
        rows = self.runtime.all(
            "select id, case when outcome is not null then 'over' when leave_at is not null then 'leaving'"
            " else 'waiting' end, attempt, outcome, (select count(*) from supacron.attempt a where a.run_id = r.id)"
            " from supacron.run r"
        )
        assert {row[0]: row[1:4] for row in rows} == {
            number: (run.state, run.attempt, run.outcome) for number, run in self.runs.items()
        }
        # Every request that was made is recorded once: the last in the run itself, unless another is to follow.
        for number, state, attempt, _, before in rows:
            kept = attempt if state == "leaving" else max(attempt - 1, 0)
            assert before == kept, number


def test_any_sequence_of_events(runtime: Runtime) -> None:
    runtime.database.worker.stop()
    Machine.runtime = runtime
    run_state_machine_as_test(
        Machine,
        settings=settings(max_examples=25, stateful_step_count=25, suppress_health_check=list(HealthCheck)),
    )
