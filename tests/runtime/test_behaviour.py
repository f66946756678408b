"""Overlap, limits, expectations, parameters and on_failure, against a real receiver."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest

from supacron.model.desired import DesiredJob, DesiredLimit, DesiredRetry
from supacron.model.policy import RETRIED
from supacron.validate.parameters import parameters_of
from tests.runtime.runtime import Runtime
from tests.support.receiver import Answer, Receiver
from tests.support.stacks import apply_here, http_job, secret, stack

pytestmark = pytest.mark.slow
YEARLY = "0 0 1 1 *"
RETRY = DesiredRetry(attempts=3, backoff_ms=60_000, max_backoff_ms=60_000, within_ms=3_600_000, on=RETRIED)


@pytest.fixture
def set_up(runtime: Runtime, receiver: Receiver) -> Callable[..., None]:
    """Applies the job `http` with the behaviour given."""

    def apply(*, limits: dict[str, DesiredLimit] | None = None, body: Any = None, **behaviour: Any) -> None:
        job = http_job(f"{receiver.url}/http", schedule=YEARLY, **behaviour)
        if body is not None:
            assert job.call is not None
            job = job.model_copy(update={"call": job.call.model_copy(update={"body": body})})
        apply_here(runtime.database, stack({"http": job}, limits=limits))

    return apply


def ended(runtime: Runtime, run: int) -> dict[str, Any]:
    runtime.wait_for_outcome(run)
    return dict(runtime.one("select to_jsonb(r) as run from supacron.run r where id = %s", run))


# overlap


def test_a_run_is_skipped_while_the_last_one_is_not_over(
    runtime: Runtime, receiver: Receiver, set_up: Callable[..., None]
) -> None:
    set_up()
    receiver.answer = Answer(held=True)
    first, second = runtime.trigger(), runtime.one("select supacron.call('http')")
    assert runtime.outcome(second) == ("skipped", None, f"run {first} is not over")
    receiver.let_go()
    assert runtime.wait_for_outcome(first)[0] == "ok"
    third = runtime.trigger()
    assert runtime.wait_for_outcome(third)[0] == "ok"
    assert len(receiver.requests) == 2
    assert runtime.one("select recent_runs, last_run_id from supacron.job_status where name = 'http'") == (2, third)


@pytest.mark.parametrize(
    ("retry", "status", "ended"),
    [(None, 200, True), (None, 500, True), (RETRY, 200, True), (RETRY, 500, False)],
)
def test_a_run_whose_answer_is_there_is_over_before_it_is_recorded(
    runtime: Runtime,
    receiver: Receiver,
    set_up: Callable[..., None],
    retry: DesiredRetry | None,
    status: int,
    ended: bool,
) -> None:
    """The collector runs in the same minute as the next run of a job of every minute."""
    set_up(retry=retry)
    receiver.answer = Answer(status)
    first = runtime.trigger()
    runtime.eventually(lambda: runtime.one("select exists (select from net._http_response)"), "the answer is there")
    assert runtime.outcome(first)[0] is None
    second = runtime.one("select supacron.call('http')")
    assert (runtime.outcome(second)[0] is None) is ended


def test_one_run_is_queued(runtime: Runtime, receiver: Receiver, set_up: Callable[..., None]) -> None:
    set_up(overlap="queue")
    receiver.answer = Answer(held=True)
    first, second, third = (runtime.trigger() for _ in range(3))
    runtime.collect()
    assert runtime.outcome(third) == ("skipped", None, f"run {second} is not over, and waits itself")
    receiver.let_go()
    assert runtime.wait_for_outcome(first)[0] == "ok"
    assert runtime.wait_for_outcome(second)[0] == "ok"
    assert [request.headers["idempotency-key"][-1] for request in receiver.requests] == [str(first), str(second)]


def test_two_that_start_at_once_see_each_other(
    runtime: Runtime, receiver: Receiver, set_up: Callable[..., None]
) -> None:
    set_up()
    receiver.answer = Answer(held=True)
    with runtime.database.connect(autocommit=False) as one, runtime.database.connect() as other:
        one.execute("select supacron.call('http')")
        late = threading.Thread(target=lambda: other.execute("select supacron.call('http')"))
        late.start()
        runtime.eventually(
            lambda: runtime.one("select exists (select from pg_locks where not granted)"),
            "the other call waits",
        )
        one.commit()
        late.join()
    assert runtime.all("select outcome from supacron.run order by id") == [(None,), ("skipped",)]


# limits


def crowd(receiver: Receiver, count: int) -> dict[str, DesiredJob]:
    return {
        f"job-{number:03}": http_job(f"{receiver.url}/{number}", schedule=YEARLY, limits=("some",))
        for number in range(count)
    }


def test_a_cap_is_never_exceeded_and_none_is_lost(runtime: Runtime, receiver: Receiver) -> None:
    jobs = crowd(receiver, 24)
    apply_here(runtime.database, stack(jobs, limits={"some": DesiredLimit(concurrency=10)}))
    receiver.answer = Answer(held=True)
    for name in jobs:
        runtime.one("select supacron.call(%s)", name)
    assert runtime.one("select count(*) filter (where request_id is not null), count(*) from supacron.run") == (10, 24)
    receiver.answer = Answer(delay=0.05)
    receiver.let_go()

    def all_are_over() -> bool:
        runtime.connection.execute("call supacron.dispatch('40 s', '0 s')")
        runtime.collect()
        return not runtime.one("select count(*) from supacron.run where outcome is null")

    runtime.eventually(all_are_over, "all are over")
    assert runtime.all("select outcome, attempt, count(*) from supacron.run group by 1, 2") == [("ok", 1, 24)]
    assert sorted(request.path for request in receiver.requests) == sorted(f"/{number}" for number in range(24))
    assert receiver.most_at_once <= 10


def test_a_rate(runtime: Runtime, receiver: Receiver) -> None:
    """The worth of a second may leave at once, and then what has grown since."""
    jobs, rate = crowd(receiver, 12), 5
    apply_here(runtime.database, stack(jobs, limits={"some": DesiredLimit(per_second=rate)}))
    begin = monotonic()
    for name in jobs:
        runtime.one("select supacron.call(%s)", name)
    sent = runtime.one("select count(*) from supacron.run where request_id is not null")
    assert rate <= sent <= rate + rate * (monotonic() - begin) + 1
    assert runtime.one("select supacron.room('main', 'some')") <= rate * (monotonic() - begin) + 1
    begin = monotonic()
    runtime.connection.execute("update supacron.pace set empty_at = clock_timestamp() - interval '400 ms'")
    now = runtime.one("select supacron.send_waiting()")
    assert min(2, len(jobs) - sent) <= now <= 2 + rate * (monotonic() - begin) + 1
    assert runtime.one("select count(*) from supacron.run where request_id is not null") == sent + now
    runtime.connection.execute("update supacron.pace set empty_at = 'epoch'")
    assert runtime.one("select supacron.room('main', 'some')") == 5


def test_who_waits_too_long_has_missed_it(runtime: Runtime, receiver: Receiver) -> None:
    jobs = crowd(receiver, 2)
    apply_here(runtime.database, stack(jobs, limits={"some": DesiredLimit(concurrency=1)}))
    receiver.answer = Answer(held=True)
    runtime.one("select supacron.call('job-000')")
    late = runtime.one("select supacron.call('job-001')")
    runtime.connection.execute(
        "update supacron.run set leave_at = now() - interval '61 min' where leave_at is not null"
    )
    runtime.collect()
    assert runtime.outcome(late) == ("missed", None, "it waited too long for its turn")


def test_nothing_waits_in_a_copy(runtime: Runtime, receiver: Receiver) -> None:
    """What waited when the copy was made is let go by the original alone."""
    jobs = crowd(receiver, 2)
    apply_here(runtime.database, stack(jobs, limits={"some": DesiredLimit(concurrency=1)}))
    for name in jobs:
        runtime.one("select supacron.call(%s)", name)
    receiver.wait_for(1)
    runtime.connection.execute("update supacron.runtime set system_identifier = '1'")
    runtime.eventually(lambda: runtime.collect() == 1, "the first is answered")
    runtime.collect()
    assert runtime.one("select count(*) from supacron.run where leave_at is not null") == 1


# expect


OK: dict[str, Any] = {"json": [{"at": "$.ok", "path": ["ok"], "equals": True}]}
DEEP: dict[str, Any] = {"json": [{"at": "$.a[0].b", "path": ["a", "0", "b"], "equals": "x"}]}
NULL: dict[str, Any] = {"json": [{"at": "$.n", "path": ["n"], "equals": None}]}
ANSWERS: list[tuple[dict[str, Any], int, str, str, str | None]] = [
    (OK, 200, '{"ok": true}', "ok", None),
    (OK, 200, '{"ok": false}', "bad_answer", "$.ok is not true"),
    (OK, 200, "<html>", "bad_answer", "the answer is not JSON"),
    (DEEP, 200, '{"a": [{"b": "x"}]}', "ok", None),
    (NULL, 200, '{"n": null}', "ok", None),
    (NULL, 200, "{}", "bad_answer", "$.n is not null"),
    ({"status": [201]}, 200, "", "bad_answer", "status 200 is not what was expected"),
    ({"status": ["2xx"]}, 204, "", "ok", None),
    ({"status": [404]}, 404, "", "ok", None),
    ({"status": [404]}, 500, "", "http_error", None),
]


def test_what_an_answer_must_be(runtime: Runtime) -> None:
    runtime.database.worker.stop()
    for expected, status, body, outcome, error in ANSWERS:
        runtime.connection.execute("update supacron.job set expect = %s::text::jsonb", [json.dumps(expected)])
        run = runtime.trigger()
        runtime.superuser.execute(
            "insert into net._http_response (id, status_code, content, timed_out)"
            " select request_id, %s, %s, false from supacron.run where id = %s",
            [status, body, run],
        )
        runtime.collect()
        assert runtime.outcome(run) == (outcome, status, error)


# parameters


def test_parameters_are_filled_in_for_each_attempt(
    runtime: Runtime, receiver: Receiver, set_up: Callable[..., None]
) -> None:
    body = {
        "due": {"$run": "scheduled_for"},
        "list": [0, {"run": {"$run": "run_id"}}],
        "since": {"$run": "last_success"},
        "of": [{"$run": "environment"}, {"$run": "job"}, {"$run": "attempt"}],
        "text": '{"$run": "run_id"}',
    }
    set_up(body=body, parameters=parameters_of(body))
    first = runtime.one("select supacron.call('http')")
    due = runtime.one("select to_jsonb(scheduled_for) #>> '{}' from supacron.run where id = %s", first)
    assert due.endswith(":00+00:00")
    assert json.loads(receiver.wait_for(1)[0].body) == {
        "due": due,
        "list": [0, {"run": first}],
        "since": None,
        "of": ["main", "http", 1],
        "text": '{"$run": "run_id"}',
    }
    assert runtime.wait_for_outcome(first)[0] == "ok"
    runtime.one("select supacron.call('http')")
    assert json.loads(receiver.wait_for(2)[1].body)["since"] == due


def test_a_body_that_is_a_parameter(runtime: Runtime, receiver: Receiver, set_up: Callable[..., None]) -> None:
    body = {"$run": "job"}
    set_up(body=body, parameters=parameters_of(body))
    runtime.trigger()
    assert json.loads(receiver.wait_for(1)[0].body) == "http"


# on_failure


def test_a_webhook_is_told_once(runtime: Runtime, receiver: Receiver, set_up: Callable[..., None]) -> None:
    set_up(on_failure={"url": f"{receiver.url}/hook"})
    receiver.answers["/http"] = Answer(500)
    run = runtime.trigger()
    runtime.wait_for_outcome(run)
    runtime.eventually(lambda: len(receiver.requests) == 2, "the webhook is called")
    for _ in range(3):
        runtime.collect()
    told = json.loads(receiver.requests[1].body)
    assert receiver.requests[1].path == "/hook"
    assert {key: told[key] for key in ("stack", "job", "run", "attempts", "outcome", "http_status")} == {
        "stack": "main",
        "job": "http",
        "run": run,
        "attempts": 1,
        "outcome": "http_error",
        "http_status": 500,
    }
    assert len(receiver.requests) == 2
    receiver.answers["/http"] = Answer(200)
    runtime.wait_for_outcome(runtime.trigger())
    assert len(receiver.requests) == 3


def test_a_webhook_whose_url_is_a_secret(runtime: Runtime, receiver: Receiver) -> None:
    job = http_job(f"{receiver.url}/http", schedule=YEARLY, on_failure={"secret": "hook"})
    apply_here(runtime.database, stack({"http": job}, {"hook": secret("hook")}), {"hook": f"{receiver.url}/secret"})
    receiver.answers["/http"] = Answer(404)
    runtime.wait_for_outcome(runtime.trigger())
    assert receiver.wait_for(2)[1].path == "/secret"
    runtime.connection.execute("delete from vault.secrets where name = 'hook'")
    run = runtime.trigger()
    assert 'secret "hook" of stack "main" is missing' in ended(runtime, run)["tell_error"]


def test_an_sql_function_is_told_and_its_error_stops_nothing(
    runtime: Runtime, receiver: Receiver, set_up: Callable[..., None]
) -> None:
    set_up(on_failure={"function": "public.note"})
    runtime.connection.execute(
        "create table public.noted as select null::jsonb as message where false;"
        " create function public.note(message jsonb) returns void language sql as"
        " 'insert into public.noted values (message)'"
    )
    receiver.answer = Answer(500)
    run = runtime.trigger()
    assert ended(runtime, run)["tell_error"] is None
    assert runtime.one("select message ->> 'outcome' from public.noted") == "http_error"
    runtime.connection.execute("drop function public.note")
    again = runtime.trigger()
    assert "does not exist" in ended(runtime, again)["tell_error"]
    assert runtime.one("select tell_at is null from supacron.run where id = %s", again) is True
