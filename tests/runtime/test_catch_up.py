"""What was due during an outage or a pause: recorded as missed, or made up for, once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supacron.plan.record import due
from supacron.schedule import next_runs, parse
from tests.runtime.runtime import Runtime
from tests.support.receiver import Receiver
from tests.support.stacks import apply_here, http_job, sql_job, stack

pytestmark = pytest.mark.slow
SCHEDULES = (
    "* * * * *",
    "0-56/7 3-5 * * *",
    "0 0 1 * *",
    "30 4 29 2 *",
    "5 6 13 * 5",
    "0 12 * * 0",
    "59 23 31 12 *",
    "0 0 $ * *",
)
ZONES = (None, "Europe/Berlin", "Australia/Lord_Howe")


def outage(runtime: Runtime, minutes: int = 5) -> None:
    """The collector was last there so long ago, and the jobs are older than that."""
    runtime.connection.execute("update supacron.runtime set collected_at = now() - %s * interval '1 min'", [minutes])
    runtime.connection.execute(
        "update supacron.job set scheduled_at = now() - interval '1 day', changed_at = scheduled_at"
    )
    runtime.connection.execute("update supacron.job set changed_at = now() - interval '1 day'")


def runs(runtime: Runtime) -> list[tuple[Any, ...]]:
    return runtime.all(
        "select j.name, r.trigger, r.outcome, date_trunc('minute', now()) - r.scheduled_for < interval '2 min'"
        " from supacron.run r join supacron.job j on j.id = r.job_id order by j.name, r.id"
    )


@pytest.fixture
def jobs(runtime: Runtime, receiver: Receiver) -> Runtime:
    url = f"{receiver.url}/http"
    apply_here(
        runtime.database,
        stack(
            {
                "latest": http_job(url, schedule="* * * * *", catch_up="latest"),
                "none": http_job(url, schedule="* * * * *"),
                "sql": sql_job(schedule="* * * * *"),
                "yearly": http_job(url, schedule="0 0 1 1 *", catch_up="latest"),
            }
        ),
    )
    return runtime


def test_an_outage(jobs: Runtime, receiver: Receiver) -> None:
    outage(jobs)
    jobs.collect()
    found = [
        ("latest", "catch_up", None, True),
        ("none", "schedule", "missed", True),
        ("sql", "schedule", "missed", True),
    ]
    assert runs(jobs) == found
    assert len(receiver.wait_for(1)) == 1
    outage(jobs)
    jobs.collect()
    assert len(runs(jobs)) == 3, "it is told once"


def test_what_ran_was_not_missed(jobs: Runtime) -> None:
    jobs.connection.execute("select supacron.call('none'), supacron.call('latest')")
    jobs.cron_run(101, "sql", start="1 second")
    outage(jobs)
    jobs.collect()
    assert {run[1:3] for run in runs(jobs)} <= {("schedule", None), ("schedule", "ok")}


def test_without_an_outage_nothing_is_looked_for(jobs: Runtime) -> None:
    outage(jobs, minutes=1)
    assert jobs.one("select supacron.record_missed()") == 0


def test_a_minute_in_which_nothing_was_started(jobs: Runtime) -> None:
    """pg_cron skips the minute that it is started in, however late its last look was."""
    outage(jobs)
    jobs.connection.execute("update supacron.runtime set collected_at = date_trunc('minute', now()) - interval '61 s'")
    jobs.one("select supacron.record_missed()")
    assert [run[:2] for run in runs(jobs)] == [("latest", "catch_up"), ("none", "schedule"), ("sql", "schedule")]


def test_pg_cron_that_is_behind_is_not_away(jobs: Runtime) -> None:
    """It starts something every minute, and will come to the rest."""
    outage(jobs)
    for minute in range(7):
        jobs.cron_run(200 + minute, "yearly", start=f"{minute} minutes")
    assert jobs.one("select supacron.record_missed()") == 0


def test_a_pause_that_ends(jobs: Runtime) -> None:
    jobs.connection.execute(
        "insert into supacron.pause (job_id, paused_by, reason, until, paused_at)"
        " select id, 'Ada', '', now() - interval '1 s', now() - interval '5 min' from supacron.job"
        " where removed_at is null"
    )
    assert jobs.one("select supacron.resume_due()") == 4
    assert runs(jobs) == [("latest", "catch_up", None, True)]


@settings(max_examples=60)
@given(
    schedule=st.sampled_from(SCHEDULES),
    zone=st.sampled_from(ZONES),
    start=st.datetimes(datetime(2023, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    minutes=st.integers(1, 500_000),
)
def test_the_last_due_time_is_that_of_the_schedule(
    runtime: Runtime, schedule: str, zone: str | None, start: datetime, minutes: int
) -> None:
    until = start + timedelta(minutes=minutes)
    found = runtime.one(
        "select supacron.last_due(%s::text::jsonb, %s, %s)", json.dumps(due(schedule, zone)), start, until
    )
    if found is None:
        assert not [run for run in next_runs(parse(schedule, zone), start, 1) if run <= until]
    else:
        assert start < found <= until
        assert next_runs(parse(schedule, zone), found - timedelta(seconds=1), 1) == [found]
        assert next_runs(parse(schedule, zone), found, 1)[0] > until
