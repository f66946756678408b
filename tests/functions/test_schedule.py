"""From a stack's schedule to what the function did."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.functions.conftest import Functions
from tests.support.database import Database
from tests.support.pg_cron import pg_cron_has_heard
from tests.support.project import StackFolder
from tests.support.receiver import Answer, Receiver
from tests.support.stacks import run_supacron
from tests.support.waiting import eventually

pytestmark = [pytest.mark.slow, pytest.mark.pg_cron]


def test_from_a_schedule_to_its_recorded_outcome(
    functions: Functions, database: Database, receiver: Receiver, tmp_path: Path
) -> None:
    """A stack is applied; pg_cron fires, pg_net posts, the function drains the queue, the outcome is recorded."""
    functions.set(WEBHOOK_HOSTS=receiver.url)
    receiver.answers["/broken"] = Answer(500)
    folder = StackFolder(tmp_path, "main", "local", f"http://127.0.0.1:{functions.port}")
    call = {"function": "batch-processor", "body": {"batch_size": 50}, "timeout": "60s", "auth": {"secret": "key"}}
    definition = {
        "secrets": {"key": {"env": "E_KEY"}},
        "queue": {},
        "jobs": {"drain": {"schedule": "* * * * *", **call}},
    }
    applied = run_supacron(["apply"], folder.write(definition), database.url, extra={"E_KEY": functions.key})
    assert applied.code == 0, applied.output
    pg_cron_has_heard(database)
    urls = [f"{receiver.url}/{n}" for n in range(30)] + [f"{receiver.url}/broken"]
    for url in urls:
        functions.rest("POST", "rpc/enqueue_job", {"p_job_type": "webhook", "p_payload": {"url": url}})

    def states() -> Counter[str]:
        rows = functions.rest("GET", "priority_queue?select=status,attempts")
        return Counter(f"{row['status']} after {row['attempts']}" for row in rows)

    outcomes: list[tuple[Any, ...]] = []
    with database.connect() as connection:

        def known() -> bool:
            # The collector's minute is not waited for.
            connection.execute("select supacron.collect()")
            query = "select trigger, outcome, status_code from supacron.run where outcome is not null order by id"
            outcomes[:] = connection.execute(query).fetchall()
            return bool(outcomes)

        eventually(known, "the outcome of a run is recorded")
    assert outcomes[0] == ("schedule", "ok", 200)
    assert states() == {"completed after 1": 30, "pending after 1": 1}, "one is tried again later"
    assert sorted(request.path for request in receiver.requests) == sorted([*map("/{}".format, range(30)), "/broken"])
