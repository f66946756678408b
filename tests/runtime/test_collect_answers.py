"""supacron.collect_answers: pg_net's answers become outcomes, each that of the run which asked."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from local.ports import free_port
from tests.runtime.runtime import Runtime
from tests.support.receiver import Answer, Receiver

pytestmark = pytest.mark.slow


def request_id(runtime: Runtime, run: int) -> int:
    return int(runtime.one("select request_id from supacron.run where id = %s", run))


def waiting(runtime: Runtime, *, queued: str = "10 seconds", deadline: str = "-1 minute", request: int = 900) -> int:
    """A run that was queued and has its deadline as long ago as said, in the queue's present epoch."""
    runtime.connection.execute(
        "insert into supacron.net_epoch (queue, started_at)"
        " values ('net.http_request_queue'::regclass, now() - interval '1 day')"
        " on conflict (singleton) do update set started_at = excluded.started_at"
    )
    return int(
        runtime.one(
            "insert into supacron.run (job_id, trigger, request_id, queued_at, deadline)"
            " select id, 'schedule', %s, now() - %s::interval, now() - %s::interval"
            " from supacron.job where name = 'http' returning id",
            request,
            queued,
            deadline,
        )
    )


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "ok"),
        (204, "ok"),
        (304, "ok"),
        (400, "http_error"),
        (401, "http_error"),
        (404, "http_error"),
        (500, "http_error"),
    ],
)
def test_statuses(runtime: Runtime, receiver: Receiver, status: int, outcome: str) -> None:
    receiver.answer = Answer(status, b"")
    run = runtime.trigger()
    assert runtime.wait_for_outcome(run) == (outcome, status, None)
    times = runtime.one(
        "select sent_at between queued_at - interval '5 s' and seen_at from supacron.run where id = %s", run
    )
    assert times is True


def test_timed_out(runtime: Runtime, receiver: Receiver) -> None:
    receiver.answer = Answer(delay=5)
    runtime.connection.execute("update supacron.job set timeout_ms = 200 where name = 'http'")
    outcome, status, error = runtime.wait_for_outcome(runtime.trigger())
    assert (outcome, status) == ("timed_out", None)
    assert "Timeout of 200 ms reached" in error


def test_connection_refused(runtime: Runtime) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    runtime.connection.execute("update supacron.job set url = %s where name = 'http'", [url])
    outcome, status, error = runtime.wait_for_outcome(runtime.trigger())
    assert (outcome, status) == ("failed", None)
    assert "connect" in error.lower()


def test_an_error_of_pg_net_is_redacted(runtime: Runtime) -> None:
    run = waiting(runtime)
    runtime.answer(900, status=None, error_msg="Could not resolve http://u:pw@host/?k=value-of-the-key " + "x" * 900)
    runtime.collect()
    _, _, error = runtime.outcome(run)
    assert error.startswith("Could not resolve http://u:********@host/?k=******** xxx")
    assert len(error) == 500


def test_no_response_by_the_deadline_and_a_late_answer(runtime: Runtime) -> None:
    run = waiting(runtime, queued="2 minutes", deadline="1 second")
    early = waiting(runtime, queued="1 second", deadline="-1 minute", request=901)
    runtime.collect()
    assert runtime.outcome(run) == ("no_response", None, None)
    assert runtime.outcome(early) == (None, None, None)
    runtime.answer(900, status=503)
    assert runtime.collect() == 1
    assert runtime.outcome(run) == ("http_error", 503, None)
    runtime.answer(900, status=200)
    assert runtime.collect() == 0
    assert runtime.outcome(run) == ("http_error", 503, None), "an outcome that is known stays"


def test_the_first_run_of_all_that_ends_while_the_collector_begins(runtime: Runtime) -> None:
    """It notes since when pg_net's ids count; the collector looked for that before, and for the runs afterwards."""
    runtime.database.worker.stop()
    with (
        runtime.database.connect(autocommit=False) as caller,
        runtime.database.superuser() as holder,
        runtime.database.connect() as collector,
    ):
        caller.execute("select supacron.call('open')")
        collecting = threading.Thread(target=lambda: collector.execute("select supacron.collect_answers()"))
        with holder.transaction():
            holder.execute("lock table net._http_response in access exclusive mode")
            collecting.start()
            waits = "select exists (select from pg_locks where not granted)"
            runtime.eventually(lambda: bool(runtime.one(waits)), "the collector has begun")
            caller.commit()
        collecting.join()
    assert runtime.all("select outcome from supacron.run") == [(None,)]


def test_a_collector_that_was_away_for_long(runtime: Runtime) -> None:
    """pg_net keeps answers for six hours: a run older than that never gets one, and is not left waiting."""
    run = waiting(runtime, queued="9 hours", deadline="8 hours")
    runtime.collect()
    assert runtime.outcome(run)[0] == "no_response"
    runtime.answer(900)
    runtime.collect()
    assert runtime.outcome(run)[0] == "no_response"


def test_many_answers_at_once(runtime: Runtime, receiver: Receiver) -> None:
    receiver.answers = {"/open": Answer(418, b"")}
    runs = {runtime.trigger("open" if number % 2 else "http"): number for number in range(60)}
    for run, number in runs.items():
        assert runtime.wait_for_outcome(run)[1] == (418 if number % 2 else 200)
    assert json.loads(receiver.requests[0].body) == {"batch_size": 20}
    assert runtime.collect() == 0


def test_ids_that_start_again_after_a_crash(runtime: Runtime, receiver: Receiver) -> None:
    """The run before the crash never gets an answer, above all not that of the run which got its number later."""
    runtime.database.worker.stop()
    lost = runtime.trigger()
    number = request_id(runtime, lost)
    runtime.database.cluster.kill()
    runtime.database.cluster.start()
    runtime.database.worker.start()
    with runtime.database.connect() as connection, runtime.database.superuser() as superuser:
        after = Runtime(runtime.database, connection, superuser)
        assert after.one("select count(*) from supacron.net_epoch") == 0
        after.connection.execute("select setval('net.http_request_queue_id_seq', %s, false)", [number])
        # Somebody else's request gets the number first, then one of ours gets the next round of it.
        after.connection.execute("select net.http_get(%s, timeout_milliseconds := 2000)", [f"{receiver.url}/theirs"])
        receiver.wait_for(1)
        after.eventually(lambda: after.one("select count(*) from net._http_response") == 1, "their answer is there")
        assert after.collect() == 0
        assert after.outcome(lost) == ("no_response", None, None), "what a crash took is known at once"
        after.connection.execute("select setval('net.http_request_queue_id_seq', %s, false)", [number])
        again = after.trigger()
        assert request_id(after, again) == number
        assert after.wait_for_outcome(again)[0] == "ok"
        for _ in range(3):
            after.collect()
        assert after.outcome(lost) == ("no_response", None, None)


def test_ids_that_start_again_with_a_new_extension(runtime: Runtime) -> None:
    """Dropping and creating pg_net, a remedy that people use, makes another queue."""
    run = waiting(runtime)
    runtime.connection.execute("update supacron.net_epoch set queue = 1")
    runtime.answer(900)
    assert runtime.collect() == 0
    assert runtime.outcome(run)[0] == "no_response"
    again = runtime.trigger()
    assert runtime.one("select queue = 'net.http_request_queue'::regclass from supacron.net_epoch") is True
    assert runtime.wait_for_outcome(again)[0] == "ok"
    assert runtime.outcome(run)[0] == "no_response"


def test_an_answer_from_before_the_question(runtime: Runtime) -> None:
    run = waiting(runtime, queued="10 seconds")
    runtime.answer(900, ago="1 hour")
    assert runtime.collect() == 0
    assert runtime.outcome(run)[0] is None


def nodes(plan: Any) -> list[dict[str, Any]]:
    found = [plan]
    for child in plan.get("Plans", []):
        found += nodes(child)
    return found


def test_the_cost_does_not_grow_with_what_is_stored(runtime: Runtime) -> None:
    """100,000 recorded outcomes and answers are not looked at: the plans of the statements go by index only."""
    runtime.superuser.execute(
        "insert into supacron.run (job_id, trigger, request_id, queued_at, deadline, outcome, status_code)"
        " select 1, 'schedule', g, now() - g * interval '10 s', now() - (g - 6) * interval '10 s', 'ok', 200"
        " from generate_series(1, 100000) g"
    )
    runtime.superuser.execute(
        "insert into net._http_response (id, status_code, timed_out, created)"
        " select g, 200, false, now() - g * interval '1 s' from generate_series(1, 20000) g"
    )
    runtime.superuser.execute("analyze supacron.run; analyze net._http_response")
    run = waiting(runtime, queued="3 seconds", request=200001)
    runtime.answer(200001)
    with runtime.database.superuser() as connection:
        connection.execute("load 'auto_explain'")
        for setting in ("log_min_duration = 0", "log_nested_statements = on", "log_format = json", "log_analyze = on"):
            connection.execute(f"set auto_explain.{setting}".encode())
        connection.execute("set client_min_messages = log")
        plans: list[Any] = []
        connection.add_notice_handler(lambda notice: plans.append(notice.message_primary))
        connection.execute("select supacron.collect_answers()")
    assert runtime.outcome(run)[0] == "ok"
    scans = [
        node
        for text in plans
        if text and "plan:" in text
        for node in nodes(json.loads(text.split("plan:", 1)[1])["Plan"])
        if node.get("Relation Name") in ("run", "_http_response") and "Scan" in node["Node Type"]
    ]
    assert scans
    assert {node.get("Index Name") for node in scans} <= {
        "run_lost",
        "run_open",
        "run_pkey",
        "_http_response_created_idx",
    }
    assert sum(node["Actual Rows"] * node["Actual Loops"] for node in scans) < 100
