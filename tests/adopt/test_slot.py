"""The main job misses no slot while it is taken over: pg_cron's own minute comes in the middle of the apply."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from supacron.load.files import load_stack
from supacron.secret import Secret
from tests.adopt.test_adopt import jobs, run
from tests.support.database import Database
from tests.support.receiver import Receiver
from tests.support.stacks import apply_here
from tests.support.tokens import token

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]

JOB = "batch-processor-30min"
KEY = token("anon", ref="local")
BEFORE_SECONDS = 0.1


def sleep_until_shortly_before_the_minute(database: Database) -> None:
    with database.connect() as connection:
        row = connection.execute(
            "select extract(epoch from date_trunc('minute', now() + interval '1 minute') - now())"
        ).fetchone()
    assert row is not None
    threading.Event().wait(max(0.0, float(row[0]) - BEFORE_SECONDS))


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

    sleep_until_shortly_before_the_minute(database)
    receiver.clear_requests()
    assert apply_here(database, desired, values).wrote
    (request,) = receiver.wait_for(1)
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body == b'{"batch_size": 20}'
    with database.connect() as connection:
        runs = connection.execute(
            "select d.jobid, count(*) from cron.job_run_details d join cron.job j on j.jobid = d.jobid"
            " where j.jobname = %s and d.start_time > now() - interval '30 seconds' group by 1",
            [JOB],
        ).fetchall()
        command_now = connection.execute("select command from cron.job where jobname = %s", [JOB]).fetchone()
    assert runs == [(row and row[0], 1)], "once, by the same job"
    assert command_now == (f"select supacron.call('{JOB}')",)
