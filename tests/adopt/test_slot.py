"""The main job misses no slot while it is taken over: pg_cron's own minute comes in the middle of the apply."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path
from time import monotonic

import psycopg
import pytest

from supacron.load.files import load_stack
from supacron.secret import Secret
from tests.adopt.test_adopt import jobs, run
from tests.support.database import Database
from tests.support.pg_cron import A_MINUTE, pg_cron_has_heard
from tests.support.receiver import Receiver
from tests.support.stacks import apply_here
from tests.support.tokens import token

pytestmark = [pytest.mark.slow, pytest.mark.pg_cron]

JOB = "batch-processor-30min"
KEY = token("anon", ref="local")
BEFORE_SECONDS = 0.1


def sleep_until_shortly_before_the_minute(connection: psycopg.Connection) -> datetime:
    row = connection.execute(
        "select next, extract(epoch from next - clock_timestamp())"
        " from date_trunc('minute', clock_timestamp() + interval '1 minute') as next"
    ).fetchone()
    assert row is not None
    threading.Event().wait(max(0.0, float(row[1]) - BEFORE_SECONDS))
    minute: datetime = row[0]
    return minute


def test_a_run_that_is_due_during_the_apply(database: Database, receiver: Receiver, tmp_path: Path) -> None:
    command = (
        f"select net.http_post(url:='{receiver.url}/functions/v1/batch-processor',"
        f""" headers:='{{"Content-Type": "application/json", "Authorization": "Bearer {KEY}"}}'::jsonb,"""
        """ body:='{"batch_size": 20}'::jsonb) as request_id;"""
    )
    with database.connect() as connection:
        row = connection.execute("select cron.schedule(%s, '* * * * *', %s)", [JOB, command]).fetchone()
        keys: dict[str, Secret] = {}
        assert jobs(run(database, tmp_path, keys=keys)) == [JOB]
        desired = load_stack(tmp_path, "dev").desired
        values = {name: key.reveal() for name, key in keys.items()}
        pg_cron_has_heard(database)

        minute = sleep_until_shortly_before_the_minute(connection)
        assert apply_here(database, desired, values).wrote
        # On a slow machine it may have run in the minutes around as well.
        query = "select jobid, start_time from cron.job_run_details where command ~ %s and end_time is not null"
        runs: list[tuple[int, datetime]] = []
        until = monotonic() + A_MINUTE
        while not any(start >= minute for _, start in runs):
            assert monotonic() < until, "the run that is due"
            threading.Event().wait(0.1)
            runs = connection.execute(query, ["batch-processor"]).fetchall()
        command_now = connection.execute("select command from cron.job where jobname = %s", [JOB]).fetchone()
    started = [start.replace(second=0, microsecond=0) for _, start in runs]
    assert started.count(minute) == 1, "once, and in its minute"
    assert {jobid for jobid, _ in runs} == {row and row[0]}, "by the same job"
    requests = receiver.wait_for(len(runs))
    assert {(request.headers["authorization"], request.body) for request in requests} == {
        (f"Bearer {KEY}", b'{"batch_size": 20}')
    }
    assert command_now == (f"select supacron.call('{JOB}')",)
