"""Each kind of condition: when it holds, and in which words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.queue.queue import Queue, fresh_queue
from tests.runtime.alerting import HOUR_MS, watched, webhooks
from tests.runtime.runtime import Runtime
from tests.support.database import Database
from tests.support.receiver import Receiver
from tests.support.stacks import apply_here

pytestmark = pytest.mark.slow


@pytest.fixture
def runtime(database: Database, receiver: Receiver) -> Iterator[Runtime]:
    """The jobs `open` and `sql`, and the secrets `hook` and `ping`."""
    apply_here(database, watched({}), webhooks(receiver))
    with database.connect() as connection, database.superuser() as superuser:
        connection.execute(
            "select cron.alter_job(jobid, active := false) from cron.job where jobname like 'supacron-%'"
        )
        yield Runtime(database, connection, superuser)


def observed(runtime: Runtime, kind: str, **condition: Any) -> Any:
    """What is seen; None while the condition does not hold."""
    query = (
        "select supacron.observe(jsonb_populate_record(null::supacron.alert,"
        " jsonb_build_object('stack', 'main', 'kind', %s::text, 'condition', %s::jsonb)))"
    )
    return runtime.one(query, kind, json.dumps(condition))


def run(runtime: Runtime, job: str, outcome: str | None, ago: str = "1 minute") -> None:
    """A run; without an outcome its answer is awaited."""
    runtime.connection.execute(
        "insert into supacron.run (job_id, trigger, queued_at, outcome, request_id)"
        " select id, 'manual', now() - %s::interval, %s, 1 from supacron.job where name = %s",
        [ago, outcome, job],
    )


def test_run_failures(runtime: Runtime) -> None:
    condition: dict[str, Any] = {"over_percent": 50, "window_ms": HOUR_MS, "at_least": 3}
    for outcome in ("failed", "skipped", None):
        run(runtime, "open", outcome)
    run(runtime, "open", "timed_out", "2 hours")
    run(runtime, "sql", "ok")
    assert observed(runtime, "run_failures", **condition) is None, "too few of them ended within the hour"
    run(runtime, "open", "http_error")
    seen = observed(runtime, "run_failures", **condition)
    assert seen == {
        "detail": "66.7% of the runs within 1 h failed (over 50%): 2 of 3, of open",
        "value": 66.7,
        "limit": 50,
        "unit": "percent",
    }
    assert observed(runtime, "run_failures", **condition, jobs=["sql"]) is None
    assert observed(runtime, "run_failures", **{**condition, "at_least": 2}, jobs=["open"])["value"] == 100
    run(runtime, "sql", "ok")
    assert observed(runtime, "run_failures", **condition) is None, "half of them is not over half of them"


def test_late_jobs(runtime: Runtime) -> None:
    """`open` and `sql` are due once a year; `late_after` is three years, unless an apply said otherwise."""
    runtime.connection.execute("update supacron.job set interval_ms = 600000")

    def late() -> Any:
        runtime.connection.execute("select supacron.watch_jobs()")
        return observed(runtime, "late_jobs")

    def watched_for(span: str) -> None:
        runtime.connection.execute("update supacron.watch set since = now() - %s::interval", [span])

    assert late() is None
    watched_for("32 minutes")
    run(runtime, "open", "ok", "31 minutes")
    assert late()["detail"] == "sql has not succeeded yet"
    watched_for("33 minutes")
    runtime.connection.execute("update supacron.run set queued_at = now() - interval '33 minutes'")
    assert late()["detail"] == "sql has not succeeded yet; open succeeded last 33 min ago"
    assert observed(runtime, "late_jobs", jobs=["open"])["value"] == 1

    # A paused job is not late, and not at once when it is resumed.
    runtime.connection.execute("select cron.alter_job(jobid, active := false) from cron.job where jobname = 'open'")
    assert late()["detail"] == "sql has not succeeded yet"
    runtime.connection.execute("select cron.alter_job(jobid, active := true) from cron.job where jobname = 'open'")
    assert late()["detail"] == "sql has not succeeded yet"

    # Nor with a new schedule, or after a success; nor ever, where the stack says so.
    runtime.connection.execute("update supacron.job set schedule = '*/20 * * * *' where name = 'sql'")
    assert late() is None
    watched_for("1 day")
    run(runtime, "sql", "ok")
    assert late()["detail"] == "open succeeded last 33 min ago"
    runtime.connection.execute("update supacron.job set late_after = 0 where name = 'open'")
    assert late() is None


def test_secret_expiry(runtime: Runtime) -> None:
    week = 7 * 24 * HOUR_MS
    assert observed(runtime, "secret_expiry", within_ms=week) is None
    runtime.connection.execute(
        "update supacron.secret_version set expires_at = now() + interval '8 days' where vault_name like '%/hook'"
    )
    runtime.connection.execute("update supacron.secret set rotate_after = interval '90 days' where name = 'ping'")
    runtime.connection.execute(
        "update supacron.secret_version set recorded_at = now() - interval '82 days' where vault_name like '%/ping'"
    )
    assert observed(runtime, "secret_expiry", within_ms=week) is None
    day = "to_char(now() at time zone 'UTC' + interval '{} days', 'YYYY-MM-DD')"
    in_eight = runtime.one(f"select {day.format(8)}")
    seen = observed(runtime, "secret_expiry", within_ms=2 * week)
    assert seen["detail"] == f"hook expires on {in_eight}; ping is to be replaced by {in_eight}"
    assert (seen["value"], seen["unit"]) == (2, "secrets")
    runtime.connection.execute("update supacron.secret_version set expires_at = now() - interval '1 day'")
    yesterday = runtime.one(f"select {day.format(-1)}")
    assert observed(runtime, "secret_expiry", within_ms=1)["detail"] == (
        f"hook expired on {yesterday}; ping expired on {yesterday}"
    )


def test_a_value_that_was_replaced_counts_no_more(runtime: Runtime) -> None:
    runtime.connection.execute("update supacron.secret_version set expires_at = now()")
    runtime.connection.execute(
        "insert into supacron.secret_version (vault_name, fingerprint, written, recorded_at)"
        " select vault_name, 'newer', true, now() + interval '1 second' from supacron.secret"
    )
    assert observed(runtime, "secret_expiry", within_ms=1) is None


def test_the_queue(database: Database, runtime: Runtime) -> None:
    """One after another on one queue, which it takes a while to make."""
    with fresh_queue(database) as queue:
        pending(runtime, queue)
        in_flight(runtime, queue)
        ended(runtime)


def pending(runtime: Runtime, queue: Queue) -> None:
    for _ in range(3):
        queue.enqueue()
    assert observed(runtime, "backlog", over=3) is None
    assert observed(runtime, "backlog", over=1) == {
        "detail": "3 jobs wait in the queue (over 1)",
        "value": 3,
        "limit": 1,
        "unit": "jobs",
    }
    assert observed(runtime, "oldest_pending", over_ms=600_000) is None
    runtime.connection.execute("update supacron_queue.ready set scheduled_for = now() - interval '20 minutes'")
    queue.forget()
    seen = observed(runtime, "oldest_pending", over_ms=600_000)
    assert seen["detail"] == "a job that is due has waited in the queue for 20 min (over 10 min)"
    assert 1200 <= seen["value"] < 1300
    runtime.connection.execute("update supacron_queue.ready set scheduled_for = now() + interval '1 hour'")
    queue.forget()
    assert observed(runtime, "oldest_pending", over_ms=1) is None, "none is due"


def in_flight(runtime: Runtime, queue: Queue) -> None:
    runtime.connection.execute("update supacron_queue.ready set scheduled_for = now() - interval '1 hour'")
    queue.forget()
    assert len(queue.claim(2)) == 2
    assert observed(runtime, "stuck_jobs", over=0, running_for_ms=HOUR_MS) is None
    runtime.connection.execute("update supacron_queue.running set started_at = now() - interval '3 hours'")
    assert observed(runtime, "stuck_jobs", over=2, running_for_ms=HOUR_MS) is None
    seen = observed(runtime, "stuck_jobs", over=0, running_for_ms=HOUR_MS)
    assert seen["detail"] == "2 jobs of the queue run for longer than 1 h, the longest for 3 h"


def ended(runtime: Runtime) -> None:
    def archive(job_type: str, status: str, count: int, ago: str = "1 minute") -> None:
        runtime.connection.execute(
            "insert into supacron_queue.archive (id, scheduled_for, created_at, finished_at, attempts, priority,"
            " status, job_type, tenant_id, payload) select nextval('supacron_queue.job_id'), now(), now(),"
            " now() - %s::interval, 1, 5, %s, %s, '', '{}' from generate_series(1, %s)",
            [ago, status, job_type, count],
        )

    dead = {"over": 1, "window_ms": HOUR_MS}
    rate = {"over_percent": 20, "window_ms": HOUR_MS, "at_least": 2}
    archive("mail", "failed", 5, "2 hours")
    assert observed(runtime, "dead_letters", **dead) is None
    assert observed(runtime, "queue_failures", **rate) is None
    archive("mail", "failed", 1)
    assert observed(runtime, "dead_letters", **dead) is None
    assert observed(runtime, "queue_failures", **rate) is None, "one job is fewer than two"
    archive("speech", "failed", 1)
    archive("speech", "cancelled", 9)
    archive("mail", "completed", 6)
    assert observed(runtime, "dead_letters", **dead)["detail"] == "2 jobs failed for good within 1 h: mail, speech"
    assert observed(runtime, "queue_failures", **rate) == {
        "detail": "25% of the queue's jobs failed within 1 h (over 20%): 2 of 8",
        "value": 25,
        "limit": 20,
        "unit": "percent",
    }
    archive("mail", "completed", 2)
    assert observed(runtime, "queue_failures", **rate) is None, "a fifth is not over a fifth"
    assert observed(runtime, "queue_failures", **{**rate, "over_percent": 0})["value"] == 20
