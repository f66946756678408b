"""What runs on is killed in the middle of it: what was due has run, or is recorded, once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import psutil
import psycopg
import pytest

from supacron.model.desired import DesiredRetry
from supacron.model.policy import RETRIED
from supacron.plan.record import due
from tests.runtime.runtime import Runtime
from tests.support.receiver import Answer, Receiver
from tests.support.stacks import apply_here, http_job, stack

pytestmark = pytest.mark.slow
YEARLY = "0 0 1 1 *"
LAUNCHER = "select pid from pg_stat_activity where backend_type = 'pg_cron launcher'"


def of_superuser(runtime: Runtime, query: str) -> Any:
    row = runtime.superuser.execute(query.encode()).fetchone()
    return row[0] if row else None


def kill_server(runtime: Runtime) -> None:
    runtime.database.cluster.kill()
    runtime.database.cluster.start()


def kill_launcher(runtime: Runtime) -> None:
    """By a signal that cannot be caught: the server starts anew, as after any such death of one of its processes."""
    psutil.Process(of_superuser(runtime, LAUNCHER)).kill()

    def is_back() -> bool:
        try:
            with runtime.database.superuser() as connection:
                return connection.execute("select pg_is_in_recovery()").fetchone() == (False,)
        except psycopg.Error:
            return False

    def session_ended() -> bool:
        try:
            runtime.connection.execute("select")
        except psycopg.Error:
            return True
        return False

    runtime.eventually(session_ended, "the server has noticed", seconds=60)
    runtime.eventually(is_back, "the server is back", seconds=60)


@pytest.mark.parametrize("kill", [kill_server, kill_launcher])
def test_a_server_that_dies_with_a_request_under_way(runtime: Runtime, receiver: Receiver, kill: Any) -> None:
    """The request is lost with pg_net's tables; the run is known, and is tried again: recorded, and once."""
    retry = DesiredRetry(attempts=3, backoff_ms=1, max_backoff_ms=1, within_ms=3_600_000, on=RETRIED)
    apply_here(runtime.database, stack({"http": http_job(f"{receiver.url}/http", schedule=YEARLY, retry=retry)}))
    runtime.database.worker.stop()
    run = runtime.trigger()
    kill(runtime)
    runtime.database.worker.start()
    with runtime.database.connect() as connection, runtime.database.superuser() as superuser:
        after = Runtime(runtime.database, connection, superuser)
        assert after.wait_for_outcome(run)[:2] == ("ok", 200)
        assert after.all("select attempt, outcome from supacron.attempt") == [(1, "no_response")]
    assert [request.headers["supacron-attempt"] for request in receiver.requests] == ["2"]


def test_pg_nets_worker_that_dies_with_a_batch_under_way(runtime: Runtime, receiver: Receiver) -> None:
    """Its batch is one transaction: it leaves again, as pg_net promises, with the same key, and is one run."""
    receiver.answer = Answer(delay=1)
    runs = [runtime.trigger(job) for job in ("http", "open")]
    receiver.wait_for(2)
    process = runtime.database.worker.process()
    assert process is not None
    process.kill()
    process.wait()
    receiver.answer = Answer()
    runtime.database.worker.start()
    for run in runs:
        assert runtime.wait_for_outcome(run) == ("ok", 200, None)
    assert runtime.one("select count(*) from supacron.run") == 2
    assert runtime.one("select count(*) from supacron.attempt") == 0
    sent = [(request.path, request.headers["idempotency-key"]) for request in receiver.requests]
    assert len(set(sent)) == 2
    assert max(sent.count(request) for request in sent) <= 2


def end_launcher(runtime: Runtime) -> None:
    """On a signal to end it ends for good, until the server starts anew."""
    runtime.superuser.execute("select pg_terminate_backend(%s)", [of_superuser(runtime, LAUNCHER)])
    runtime.eventually(lambda: of_superuser(runtime, LAUNCHER) is None, "pg_cron has ended", seconds=60)
    runtime.database.cluster.restart()


def the_minute_before(runtime: Runtime) -> datetime:
    """Its first second, when the last look at pg_cron was; all jobs are older, and due each day at that minute."""
    moment = runtime.one("select date_trunc('minute', now()) - interval '59 seconds'")
    assert isinstance(moment, datetime)
    runtime.connection.execute("update supacron.runtime set collected_at = %s", [moment])
    utc = moment.astimezone(UTC)
    runtime.connection.execute(
        "update supacron.job set scheduled_at = now() - interval '1 day', changed_at = now() - interval '1 day',"
        " due = %s",
        [json.dumps(due(f"{utc.minute} {utc.hour} * * *"))],
    )
    return moment


def test_pg_cron_that_dies_with_calls_under_way(runtime: Runtime) -> None:
    """`http` had done its work, `open` and `sent` had not begun, and `late` was still to be started."""
    jobs = {name: http_job("http://127.0.0.1:9/", schedule=YEARLY) for name in ("http", "open", "sent", "late")}
    apply_here(runtime.database, stack(jobs))
    moment = the_minute_before(runtime)
    details = (
        "insert into cron.job_run_details (jobid, runid, database, username, command, status, start_time)"
        " values (%s, %s, 'postgres', 'postgres', '', %s, %s)"
    )
    runtime.superuser.execute(details, [runtime.jobid("http"), 7, "running", moment])
    run = runtime.one("select supacron.call('http')")
    runtime.connection.execute(
        "update supacron.run set queued_at = %s, scheduled_for = date_trunc('minute', %s)", [moment, moment]
    )
    runtime.superuser.execute(details, [runtime.jobid("open"), 8, "starting", None])
    # Such a row pg_cron leaves as it is, for ever.
    runtime.superuser.execute(details, [runtime.jobid("sent"), 9, "sending", None])
    end_launcher(runtime)
    runtime.database.worker.start()
    with runtime.database.connect() as connection, runtime.database.superuser() as superuser:
        after = Runtime(runtime.database, connection, superuser)
        for _ in range(2):
            after.collect()
            rows = after.all(
                "select j.name, r.cron_runid, r.outcome, r.scheduled_for = date_trunc('minute', %s)"
                " from supacron.run r join supacron.job j on j.id = r.job_id where r.id <> %s order by 1",
                moment,
                run,
            )
            assert rows == [
                ("late", None, "missed", True),
                ("open", 8, "failed", True),
                ("sent", None, "missed", True),
            ]
