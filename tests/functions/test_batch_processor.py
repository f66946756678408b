"""batch-processor end to end: a real queue, the real gateway, real Deno, and a real receiver for what leaves."""

from __future__ import annotations

import json
import threading
from collections import Counter
from typing import Any

import pytest

from local import environment
from tests.functions.conftest import Answer, Functions
from tests.queue.queue import Queue
from tests.support.database import Database
from tests.support.receiver import Answer as Reply
from tests.support.receiver import Receiver
from tests.support.waiting import LIMIT_SECONDS, eventually

pytestmark = pytest.mark.slow


def counts(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer.json
    assert answer.json["duration_ms"] >= 0
    names = ("claimed", "completed", "failed", "dead", "released", "lost", "stopped", "remaining")
    found = {name: answer.json[name] for name in names}
    return {name: value for name, value in found.items() if value}


def test_a_batch_is_done_and_recorded(functions: Functions, queue: Queue, receiver: Receiver) -> None:
    functions.set(WEBHOOK_HOSTS=receiver.url)
    jobs = [queue.enqueue("webhook", {"url": f"{receiver.url}/{n}", "body": {"n": n}}) for n in range(12)]
    other = queue.enqueue("of_another_worker")
    answer = functions.process_batch(batch_size=10)
    assert counts(answer) == {"claimed": 10, "completed": 10, "stopped": "batch_size", "remaining": 3}
    queue.forget()
    assert counts(functions.process_batch(batch_size=10)) == {
        "claimed": 2,
        "completed": 2,
        "stopped": "empty",
        "remaining": 1,
    }
    assert {queue.status(job) for job in jobs} == {"completed"}
    assert queue.status(other) == "pending"
    received = receiver.wait_for(12)
    assert len(received) == 12
    assert {request.path: json.loads(request.body) for request in received} == {f"/{n}": {"n": n} for n in range(12)}
    assert {request.headers["idempotency-key"] for request in received} == {f"job-{job}" for job in jobs}
    assert queue.row(jobs[0])["worker"].startswith("batch-processor ")


def test_the_named_types_alone(functions: Functions, queue: Queue, receiver: Receiver) -> None:
    functions.set(
        TRANSCRIPTION_ENDPOINT=f"{receiver.url}/transcribe", EMAIL_ENDPOINT=f"{receiver.url}/email", EMAIL_KEY="made-up"
    )
    call = {"call_sid": "CA123", "recording_url": "https://example.com/1"}
    queue.enqueue("transcription", call)
    mail = {"to": "ada@example.com", "subject": "Hello"}
    queue.enqueue("email_notification", mail)
    good = queue.enqueue("good")
    answer = functions.process_batch(batch_size=20, job_types=["transcription", "email_notification"])
    assert counts(answer) == {"claimed": 2, "completed": 2, "stopped": "empty", "remaining": 1}
    assert queue.status(good) == "pending"
    received = {request.path: request for request in receiver.requests}
    assert json.loads(received["/transcribe"].body) == call
    assert json.loads(received["/email"].body) == mail
    assert received["/email"].headers["authorization"] == "Bearer made-up"
    assert "authorization" not in received["/transcribe"].headers


def test_a_missing_endpoint_fails_the_job_and_says_which(functions: Functions, queue: Queue) -> None:
    job = queue.enqueue("transcription", {"recording_url": "https://example.com/1"})
    assert counts(functions.process_batch())["failed"] == 1
    row = queue.row(job)
    assert row["status"] == "pending"
    assert (
        row["error_message"] == "TRANSCRIPTION_ENDPOINT is not set: set this function secret to the URL of the service"
    )


def test_a_bad_handler_fails_its_own_job_alone(functions: Functions, queue: Queue) -> None:
    bad = {kind: queue.enqueue(kind) for kind in ("throws", "rejects", "deaf")}
    stray = queue.enqueue("stray")
    good = [queue.enqueue("good") for _ in range(5)]
    assert counts(functions.process_batch(batch_size=9)) == {
        "claimed": 9,
        "completed": 6,
        "failed": 3,
        "stopped": "batch_size",
        "remaining": 3,
    }
    assert {queue.status(job) for job in [*good, stray]} == {"completed"}
    assert {kind: queue.row(job)["error_message"] for kind, job in bad.items()} == {
        "throws": "thrown at once",
        "rejects": "rejected",
        "deaf": "not done within 0.3 s",
    }


def test_failures_are_tried_again_until_none_is_left(functions: Functions, queue: Queue) -> None:
    job = queue.enqueue("throws")
    for status in ("pending", "pending", "failed"):
        queue.retry_now()
        answer = functions.process_batch()
        assert (answer.json["failed"], answer.json["dead"]) == (1, status == "failed")
        assert queue.status(job) == status


def test_webhooks_go_where_they_are_allowed_to(functions: Functions, queue: Queue, receiver: Receiver) -> None:
    functions.set(WEBHOOK_HOSTS=receiver.url)
    receiver.redirect("/away", "http://127.0.0.1:9/", 307)
    receiver.answers["/broken"] = Reply(500)
    urls = {
        f"{receiver.url}/away": ("pending", "answered 307, a redirect"),
        f"{receiver.url}/broken": ("pending", "answered 500"),
        receiver.url.replace("127.0.0.1", "localhost"): ("failed", "WEBHOOK_HOSTS"),
        "http://169.254.169.254/latest/meta-data": ("failed", "WEBHOOK_HOSTS"),
    }
    jobs = {url: queue.enqueue("webhook", {"url": url}) for url in urls}
    assert counts(functions.process_batch())["failed"] == 4
    for url, (status, message) in urls.items():
        row = queue.row(jobs[url])
        assert row["status"] == status
        assert message in row["error_message"]
        assert "/away" not in row["error_message"]
    assert sorted(request.path for request in receiver.requests) == ["/away", "/broken"]


def test_an_sql_function_runs_as_service_role(functions: Functions, queue: Queue) -> None:
    queue.connection.execute(
        "create table public.done (who text, days integer);"
        "create function public.tidy_up(p_days integer) returns void language plpgsql as $$ begin"
        " if p_days < 0 then raise exception 'no negative days'; end if;"
        " insert into public.done values (current_user, p_days); end $$"
    )
    functions.set(SQL_FUNCTIONS="tidy_up")
    good = queue.enqueue("sql_function", {"function": "tidy_up", "arguments": {"p_days": 3}})
    bad = queue.enqueue("sql_function", {"function": "tidy_up", "arguments": {"p_days": -1}})
    unlisted = queue.enqueue("sql_function", {"function": "requeue_failed", "arguments": {"p_job_type": "x"}})
    assert counts(functions.process_batch())["failed"] == 2
    assert queue.all("select * from public.done") == [("service_role", 3)]
    assert [queue.status(job) for job in (good, bad, unlisted)] == ["completed", "pending", "failed"]
    assert "no negative days" in queue.row(bad)["error_message"]


def test_it_ends_within_its_budget_and_gives_back_the_rest(
    functions: Functions, queue: Queue, receiver: Receiver
) -> None:
    functions.set(RECEIVER=receiver.url, BATCH_BUDGET_SECONDS="2", BATCH_CONCURRENCY="2")
    receiver.answer = Reply(delay=0.3)
    queue.configure(timeout_ms=1_000)
    jobs = [queue.enqueue("calls") for _ in range(40)]
    answer = functions.process_batch(batch_size=40)
    assert answer.json["stopped"] == "budget"
    found = Counter({name: number for name, number in counts(answer).items() if name != "stopped"})
    # On a machine that stalls, a call may take longer than its second.
    assert found["completed"] + found["failed"] + found["released"] == found["claimed"] < 40
    assert queue.counts()["pending"] == 40 - found["completed"]
    # What was given back is as it was: due, first in line, with no attempt counted.
    assert Counter(queue.row(job)["attempts"] for job in jobs)[0] == 40 - found["completed"] - found["failed"]
    assert queue.all("select from supacron_queue.running") == []


def test_a_long_job_keeps_its_lease(functions: Functions, queue: Queue, receiver: Receiver) -> None:
    functions.set(RECEIVER=receiver.url)
    receiver.answer = Reply(held=True)
    queue.configure(lease_ms=1_000)
    job = queue.enqueue("calls")
    answers: list[Answer] = []
    call = threading.Thread(target=lambda: answers.append(functions.process_batch()))
    call.start()
    receiver.wait_for(1)
    longer = "select lease_expires_at - started_at > interval '2 seconds' from supacron_queue.running"
    eventually(lambda: bool(queue.one(longer)), "its lease is renewed, and again")
    receiver.let_go()
    call.join()
    assert counts(answers[0]) == {"claimed": 1, "completed": 1, "stopped": "empty"}
    assert queue.row(job)["attempts"] == 1


def test_a_job_that_another_took_is_left_to_it(functions: Functions, queue: Queue, receiver: Receiver) -> None:
    functions.set(RECEIVER=receiver.url)
    receiver.answer = Reply(held=True)
    queue.configure(lease_ms=1_000)
    job = queue.enqueue("calls")
    answers: list[Answer] = []
    call = threading.Thread(target=lambda: answers.append(functions.process_batch()))
    call.start()
    receiver.wait_for(1)
    queue.connection.execute("update supacron_queue.running set claim_token = gen_random_uuid(), worker = 'another'")
    call.join(LIMIT_SECONDS)
    assert not call.is_alive(), "the handler was not stopped"
    assert counts(answers[0]) == {"claimed": 1, "lost": 1, "stopped": "empty"}
    assert queue.row(job)["worker"] == "another"


def test_it_gives_everything_back_when_it_is_told_to_end(
    functions: Functions, queue: Queue, receiver: Receiver
) -> None:
    functions.set(RECEIVER=receiver.url, BATCH_CONCURRENCY="2")
    receiver.answer = Reply(held=True)
    jobs = [queue.enqueue("calls") for _ in range(4)]
    answers: list[Answer] = []
    call = threading.Thread(target=lambda: answers.append(functions.process_batch()))
    call.start()
    receiver.wait_for(2)
    process = functions.process()
    process.terminate()
    call.join()
    assert counts(answers[0]) == {"claimed": 4, "released": 4, "stopped": "shutdown", "remaining": 4}
    assert [(queue.status(job), queue.row(job)["attempts"]) for job in jobs] == [("pending", 0)] * 4
    process.wait(LIMIT_SECONDS)


def test_only_its_keys_open_it(functions: Functions, queue: Queue) -> None:
    functions.set(BATCH_PROCESSOR_KEY_PREVIOUS="made-up-previous")
    job = queue.enqueue("good")
    service_key = environment.api_key(environment.read(functions.env_file)["JWT_SECRET"], "service_role")
    for key in ("wrong", "", service_key):
        answer = functions.send("POST", "batch-processor", "{}", key)
        assert (answer.status, answer.json["error"]["code"]) == (401, "unauthorized")
    assert queue.status(job) == "pending"
    assert functions.send("POST", "batch-processor", "{}", "made-up-previous").json["completed"] == 1


def test_a_body_that_is_none(functions: Functions, queue: Queue) -> None:
    job = queue.enqueue("good")
    for body in ("{", "[]", '{"batch_size": 0}', '{"batchsize": 20}', '{"job_types": ["unknown"]}'):
        answer = functions.send("POST", "batch-processor", body)
        assert (answer.status, answer.json["error"]["code"]) == (400, "invalid_request")
    assert queue.status(job) == "pending"


def test_a_database_without_a_queue(functions: Functions, database: Database) -> None:
    with database.connect() as connection:
        assert connection.execute("select to_regclass('public.priority_queue')").fetchone() == (None,)
    answer = functions.process_batch()
    assert (answer.status, answer.json["error"]["code"]) == (503, "queue_missing")
