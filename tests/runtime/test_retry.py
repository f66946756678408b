"""Attempts after failures: when, how many, what they carry, and what is left when all fail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from psycopg import errors

from supacron.model.desired import DesiredRetry
from supacron.model.policy import RETRIED
from tests.runtime.runtime import Runtime
from tests.support.receiver import Answer, Receiver
from tests.support.stacks import apply_here, http_job, stack

pytestmark = pytest.mark.slow
YEARLY = "0 0 1 1 *"


def policy(attempts: int = 3, backoff_ms: int = 1, within_ms: int = 3_600_000, on: tuple[str, ...] = RETRIED) -> Any:
    return DesiredRetry(attempts=attempts, backoff_ms=backoff_ms, max_backoff_ms=60_000, within_ms=within_ms, on=on)


def set_up(runtime: Runtime, receiver: Receiver, **behaviour: Any) -> None:
    job = http_job(f"{receiver.url}/http", schedule=YEARLY, **{"retry": policy(), **behaviour})
    apply_here(runtime.database, stack({"http": job}))


def attempts(runtime: Runtime, run: int) -> list[tuple[Any, ...]]:
    return runtime.all("select attempt, outcome, status_code from supacron.attempt where run_id = %s order by 1", run)


def test_until_it_is_ok(runtime: Runtime, receiver: Receiver) -> None:
    set_up(runtime, receiver, retry=policy(attempts=50))
    receiver.answer = Answer(503)
    run = runtime.trigger()
    runtime.eventually(lambda: runtime.collect() >= 0 and len(receiver.requests) > 1, "a second attempt")
    receiver.answer = Answer(200)
    assert runtime.wait_for_outcome(run)[:2] == ("ok", 200)
    sent = [(each.headers["idempotency-key"], each.headers["supacron-attempt"]) for each in receiver.requests]
    assert sent == [(f"main/http/{run}", str(number + 1)) for number in range(len(sent))]
    assert attempts(runtime, run) == [(number, "http_error", 503) for number in range(1, len(sent))]


def test_when_all_fail_it_is_over(runtime: Runtime, receiver: Receiver) -> None:
    set_up(runtime, receiver)
    receiver.answer = Answer(500)
    run = runtime.trigger()
    assert runtime.wait_for_outcome(run)[:2] == ("http_error", 500)
    assert len(receiver.requests) == 3
    assert attempts(runtime, run) == [(1, "http_error", 500), (2, "http_error", 500)]
    assert runtime.one("select attempt, leave_at from supacron.run where id = %s", run) == (3, None)

    receiver.answer = Answer(200)
    runtime.one("select supacron.retry_run(%s, 'Ada')", run)
    assert runtime.wait_for_outcome(run)[:2] == ("ok", 200)
    assert receiver.requests[-1].headers["idempotency-key"] == f"main/http/{run}"
    assert receiver.requests[-1].headers["supacron-attempt"] == "4"
    with pytest.raises(errors.ObjectNotInPrerequisiteState, match="did not fail: it is ok"):
        runtime.one("select supacron.retry_run(%s, 'Ada')", run)


OUTCOMES: list[tuple[str, int | None, str | None, tuple[str, ...], bool]] = [
    ("http_error", 500, None, RETRIED, True),
    ("http_error", 429, "30 s", RETRIED, True),
    ("http_error", 429, "2 h", RETRIED, False),
    ("http_error", 404, None, RETRIED, False),
    ("http_error", 404, None, ("404",), True),
    ("timed_out", None, None, RETRIED, True),
    ("no_response", None, None, RETRIED, True),
    ("failed", None, None, RETRIED, True),
    ("failed", None, None, ("5xx",), False),
    ("bad_answer", 200, None, RETRIED, False),
    ("bad_answer", 200, None, ("bad_answer",), True),
    ("ok", 200, None, RETRIED, False),
]


def test_which_outcomes(runtime: Runtime) -> None:
    for outcome, status, asked, on, again in OUTCOMES:
        found = runtime.one(
            "select supacron.next_attempt(%s::text::jsonb, 1, null, %s, %s, %s::interval, now())",
            policy(on=on).model_dump_json(),
            outcome,
            status,
            asked,
        )
        assert (found is not None) is again, (outcome, status, asked, on)
        if again and asked:
            assert found > runtime.one("select now() + %s::interval - interval '1 s'", asked)


def test_the_backoff_doubles_up_to_its_ceiling_with_full_jitter(runtime: Runtime) -> None:
    """A thousand draws: all below the ceiling, and spread over all of it."""
    text = DesiredRetry(attempts=99, backoff_ms=1000, max_backoff_ms=8000, within_ms=10**9, on=RETRIED)
    for attempt, ceiling in ((1, 1), (2, 2), (4, 8), (9, 8)):
        low, high = runtime.one(
            "select min(t), max(t) from (select supacron.next_attempt(%s::text::jsonb, %s, null, 'failed', null, null,"
            " now()) - clock_timestamp() as t from generate_series(1, 1000)) d",
            text.model_dump_json(),
            attempt,
        )
        assert low < timedelta(seconds=ceiling / 10)
        assert timedelta(seconds=ceiling * 0.9) < high <= timedelta(seconds=ceiling)


def test_retry_after(runtime: Runtime) -> None:
    """Seconds or a date; an impossible one is as good as none."""
    texts = {"120": 120, "0": 0, "soon": None, "99999999999": None, "Wed, 21 Oct 2015 07:28:00 GMT": 0}
    texts["Wed, 99 Oct 2015 07:28:00 GMT"] = None
    query = "select supacron.retry_after(jsonb_build_object('retry-AFTER', %s::text))"
    for text, seconds in texts.items():
        assert runtime.one(query, text) == (None if seconds is None else timedelta(seconds=seconds)), text
    soon = runtime.one("select to_char(now() + interval '90 s', 'Dy, DD Mon YYYY HH24:MI:SS \"GMT\"')")
    assert timedelta(seconds=60) < runtime.one(query, soon) < timedelta(seconds=91)


def test_a_job_that_cannot_leave_does_not_keep_the_others(runtime: Runtime, receiver: Receiver) -> None:
    """One lost its secret between two attempts: it is over, and says why."""
    runtime.connection.execute(
        "update supacron.job set retry = %s::text::jsonb", [policy(attempts=9, backoff_ms=1).model_dump_json()]
    )
    receiver.answer = Answer(500)
    runs = runtime.trigger("http"), runtime.trigger("open")
    receiver.wait_for(2)
    runtime.connection.execute("delete from vault.secrets where name = 'supacron/main/key'")
    receiver.answer = Answer(200)
    outcome, _, error = runtime.wait_for_outcome(runs[0])
    assert (outcome, error[:39]) == ("failed", 'supacron: secret "key" of stack "main" ')
    assert runtime.wait_for_outcome(runs[1])[:2] == ("ok", 200)


def test_a_paused_job_does_not_try_again_until_it_is_resumed(runtime: Runtime, receiver: Receiver) -> None:
    set_up(runtime, receiver)
    receiver.answer = Answer(500)
    run = runtime.one("select supacron.call('http')")
    receiver.wait_for(1)
    runtime.connection.execute(
        "insert into supacron.pause (job_id, paused_by, reason)"
        " select id, 'Ada', '' from supacron.job where name = 'http'"
    )
    runtime.eventually(
        lambda: runtime.collect() >= 0 and attempts(runtime, run) == [(1, "http_error", 500)], "the answer is seen"
    )
    runtime.connection.execute("update supacron.run set leave_at = now() - interval '1 s' where leave_at is not null")
    runtime.collect()
    assert len(receiver.requests) == 1
    runtime.connection.execute("delete from supacron.pause")
    receiver.answer = Answer(200)
    assert runtime.wait_for_outcome(run)[:2] == ("ok", 200)


def test_a_removed_jobs_run_ends_with_its_last_outcome(runtime: Runtime, receiver: Receiver) -> None:
    set_up(runtime, receiver, retry=policy(backoff_ms=60_000))
    receiver.answer = Answer(500)
    run = runtime.trigger()
    runtime.eventually(
        lambda: runtime.collect() >= 0 and attempts(runtime, run) == [(1, "http_error", 500)], "the answer is seen"
    )
    apply_here(runtime.database, stack({}))
    runtime.connection.execute("update supacron.run set leave_at = now() - interval '1 s' where leave_at is not null")
    runtime.collect()
    assert runtime.outcome(run)[:2] == ("http_error", 500)
    with pytest.raises(errors.WrongObjectType, match="its job was removed"):
        runtime.one("select supacron.retry_run(%s, 'Ada')", run)


def test_a_name_that_no_header_can_hold_is_encoded(runtime: Runtime, receiver: Receiver) -> None:
    apply_here(runtime.database, stack({"näht 1%": http_job(f"{receiver.url}/x", schedule=YEARLY)}))
    run = runtime.trigger("näht 1%")
    assert receiver.wait_for(1)[0].headers["idempotency-key"] == f"main/n%c3%a4ht%201%25/{run}"
