"""From, until and once: what is due, what unschedules itself, and that an apply leaves it so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from supacron.errors import SupacronError
from supacron.model.desired import DesiredJob
from supacron.operate.pause import Pausing, pause, resume
from supacron.operate.planning import plan_now
from supacron.operate.status import status_of
from supacron.operate.target import Target
from supacron.plan.changes import Plan
from supacron.plan.record import interval_ms
from supacron.plan.windows import RESTING
from supacron.schedule.window import line_for, write_moment
from supacron.secret import Secret
from tests.runtime.runtime import Runtime
from tests.support.receiver import Answer, Receiver
from tests.support.stacks import Notes, apply_here, http_job, sql_job, stack

pytestmark = pytest.mark.slow
NOW = datetime.now(UTC).replace(second=0, microsecond=0)
YEARLY = "0 0 1 1 *"
DAY = timedelta(days=1)
LATER = NOW + 40 * DAY


@pytest.fixture(autouse=True)
def _the_tests_collect_themselves(runtime: Runtime) -> None:
    """An apply makes the runtime's own jobs active again: what pg_cron starts of them gets nowhere."""
    runtime.superuser.execute("update cron.job set active = true, database = 'nowhere' where jobname like 'supacron-%'")


def bounded(job: DesiredJob, *, begins: datetime | None = None, until: datetime | None = None) -> DesiredJob:
    moments = {"runs_from": begins, "runs_until": until}
    return job.model_copy(update={key: write_moment(at) for key, at in moments.items() if at})


def once(job: DesiredJob, at: datetime = LATER) -> DesiredJob:
    return job.model_copy(update={"runs_at": write_moment(at), "schedule": line_for(at)})


def closed(runtime: Runtime, name: str) -> Any:
    return runtime.one("select closed from supacron.job where name = %s", name)


def line(runtime: Runtime, name: str) -> Any:
    """What cron.job has; None: nothing."""
    return runtime.one("select max(schedule) from cron.job where jobname = %s", name)


def keep(runtime: Runtime, seen: datetime | None = None) -> None:
    runtime.connection.execute("select supacron.keep_windows(coalesce(%s, now()))", [seen])


def came(runtime: Runtime, jobs: dict[str, DesiredJob], name: str, at: datetime) -> dict[str, DesiredJob]:
    """The time of a job that runs once has come; returns the jobs as they would have been applied."""
    runtime.connection.execute(
        "update supacron.job set runs_at = %(at)s, applied = applied || jsonb_build_object('runs_at', %(at)s::text)"
        " where name = %(name)s",
        {"at": write_moment(at), "name": name},
    )
    return {**jobs, name: jobs[name].model_copy(update={"runs_at": write_moment(at)})}


def plan(runtime: Runtime, jobs: dict[str, DesiredJob]) -> Plan:
    return plan_now(Secret(runtime.database.url), stack(jobs), {})


def runs(runtime: Runtime) -> list[tuple[Any, ...]]:
    return runtime.all(
        "select j.name, r.trigger, r.outcome, r.scheduled_for"
        " from supacron.run r join supacron.job j on j.id = r.job_id order by r.id"
    )


def test_calls_keep_to_the_window(runtime: Runtime, receiver: Receiver) -> None:
    schedule = line_for(NOW + 2 * DAY)
    http = http_job(f"{receiver.url}/http", schedule=schedule, overlap="allow")
    jobs = {
        "early": bounded(http, begins=NOW + DAY),
        "open": bounded(http, begins=NOW - DAY, until=NOW + DAY),
        "over": bounded(http, until=NOW - DAY),
        "once": once(http),
    }
    apply_here(runtime.database, stack(jobs))
    assert [runtime.one("select supacron.call(%s)", name) is None for name in jobs] == [True, False, True, True]
    assert [run[:3] for run in runs(runtime)] == [("open", "schedule", None)]
    assert [line(runtime, name) for name in jobs] == [schedule, schedule, None, line_for(LATER)]
    runtime.trigger("over")
    assert len(receiver.wait_for(2)) == 2
    found = plan(runtime, jobs)
    assert (found.changes, found.refusals) == ((), ())
    assert found.windows == {
        "early": f"from {NOW + DAY:%Y-%m-%d %H:%M} UTC",
        "over": f"ended {NOW - DAY:%Y-%m-%d %H:%M} UTC",
    }
    now = datetime.now(UTC)
    assert {
        job.name: (job.state, job.not_due(now), job.next_run(now) is not None)
        for job in status_of(runtime.connection, "main").jobs
    } == {
        "early": ("active", f"from {NOW + DAY:%Y-%m-%d %H:%M} UTC", True),
        "once": ("active", "", True),
        "open": ("active", "", False),
        "over": ("ended", f"ended {NOW - DAY:%Y-%m-%d %H:%M} UTC", False),
    }


def test_once_is_once(runtime: Runtime, receiver: Receiver) -> None:
    url = f"{receiver.url}/http"
    jobs = {"once": once(http_job(url))}
    apply_here(runtime.database, stack(jobs))
    jobs = came(runtime, jobs, "once", NOW)
    with runtime.database.connect(autocommit=False) as first, ThreadPoolExecutor() as pool:
        assert first.execute("select supacron.call('once')").fetchone() != (None,)
        second = pool.submit(runtime.one, "select supacron.call('once')")
        first.commit()
        assert second.result() is None
    assert runs(runtime) == [("once", "schedule", None, NOW)]
    runtime.collect()
    assert (closed(runtime, "once"), line(runtime, "once")) == ("done", None)

    found = plan(runtime, jobs)
    assert (found.changes, found.refusals) == ((), ())
    assert found.windows == {"once": f"done: once, {NOW:%Y-%m-%d %H:%M} UTC"}
    (job,) = status_of(runtime.connection, "main").jobs
    assert (job.state, job.words) == ("ended", f"Once, {NOW:%Y-%m-%d %H:%M} UTC")
    changed = {"once": jobs["once"].model_copy(update={"description": "what it was for"})}
    apply_here(runtime.database, stack(changed))
    apply_here(runtime.database, stack({"twice": changed["once"].model_copy(update={"renamed_from": "once"})}))
    apply_here(runtime.database, stack({}))
    apply_here(runtime.database, stack({"twice": changed["once"]}))
    runtime.wait_for_outcome(runtime.trigger("twice"))
    assert line(runtime, "twice") is None
    assert [run[1] for run in runs(runtime)] == ["schedule", "manual"]

    again = {"twice": once(jobs["once"])}
    (change,) = plan(runtime, again).changes
    assert str(change) == "+ job twice (its time was over: it is scheduled again)"
    apply_here(runtime.database, stack(again))
    assert (closed(runtime, "twice"), line(runtime, "twice")) == (None, line_for(LATER))
    assert plan(runtime, again).changes == ()


def test_a_time_that_nothing_kept(runtime: Runtime, receiver: Receiver) -> None:
    """Missed or made up for, once; not while it is paused or disabled. A resumption makes up for it, too."""
    http = http_job(f"{receiver.url}/http")
    latest = http_job(f"{receiver.url}/http", catch_up="latest")
    jobs = {
        "disabled": once(http.model_copy(update={"enabled": False})),
        "latest": once(latest),
        "none": once(http),
        "paused": once(latest),
        "sql": once(sql_job()),
    }
    apply_here(runtime.database, stack(jobs))
    url, target = Secret(runtime.database.url), Target(Path(), "main")
    pause(url, target, "paused", Pausing("Ada", "why"), project_ref=None, progress=Notes())
    runtime.connection.execute("update supacron.pause set paused_at = now() - interval '1 hour'")
    missed = NOW - timedelta(minutes=9)
    for name in jobs:
        jobs = came(runtime, jobs, name, missed)
    for _ in range(2):
        keep(runtime)
    assert sorted(runs(runtime), key=str) == [
        ("latest", "catch_up", None, missed),
        ("none", "schedule", "missed", missed),
        ("sql", "schedule", "missed", missed),
    ]
    resume(url, target, "paused", project_ref=None, progress=Notes())
    for _ in range(2):
        keep(runtime)
    assert runs(runtime)[3:] == [("paused", "catch_up", None, missed)]
    assert {name: closed(runtime, name) for name in jobs} == {**dict.fromkeys(jobs, "done"), "disabled": None}
    runtime.collect()
    assert len(receiver.wait_for(2)) == 2
    assert plan(runtime, jobs).changes == ()


def test_what_pg_cron_started_was_the_one_run(runtime: Runtime) -> None:
    """A call that raised, and SQL that still runs: neither is missed, and what runs is not cancelled."""
    jobs = {"once": once(http_job()), "sql": once(sql_job())}
    apply_here(runtime.database, stack(jobs))
    for name in jobs:
        came(runtime, jobs, name, NOW - timedelta(minutes=9))
    runtime.cron_run(101, "once", "failed", message="no secret", start="500 seconds")
    runtime.cron_run(102, "sql", "running", start="500 seconds", end=None)
    runtime.connection.execute("update supacron.job set scheduled_at = now() - interval '1 hour'")
    runtime.connection.execute("select supacron.collect_cron_runs()")
    keep(runtime)
    assert [run[:3] for run in runs(runtime)] == [("once", "schedule", "failed")]
    assert [closed(runtime, name) for name in jobs] == ["done", None]
    runtime.superuser.execute(
        "update cron.job_run_details set status = 'succeeded', end_time = now() where runid = 102"
    )
    runtime.connection.execute("update supacron.runtime set collected_runid = 0")
    runtime.connection.execute("select supacron.collect_cron_runs()")
    keep(runtime)
    assert [run[:3] for run in runs(runtime)][1:] == [("sql", "schedule", "ok")]
    assert line(runtime, "sql") is None


def test_sql_jobs_are_scheduled_for_their_time_alone(runtime: Runtime) -> None:
    """pg_cron runs their text itself, so its line rests before, and is gone after."""
    begins, until = NOW + 45 * DAY, NOW + 46 * DAY
    always = f"* * {begins.day},{until.day} * *"
    often = bounded(sql_job(schedule=always), begins=begins, until=until)
    jobs = {
        "often": often,
        "rare": bounded(sql_job(schedule=line_for(begins)), begins=begins),
        "far": once(sql_job(), NOW + 800 * DAY),
    }
    apply_here(runtime.database, stack(jobs))
    assert [line(runtime, name) for name in jobs] == [RESTING, line_for(begins), RESTING]
    assert plan(runtime, jobs).changes == ()
    apply_here(runtime.database, stack({**jobs, "often": often.model_copy(update={"description": "new"})}))
    minute = timedelta(minutes=1)
    for seen, expected in (
        (begins - 2 * minute, (RESTING, "waiting")),
        (begins - minute, (always, None)),
        (until - 2 * minute, (always, None)),
        (until - minute, (None, "done")),
    ):
        if expected[1] == "done":
            # To take it out now would cancel what runs.
            runtime.cron_run(103, "often", "running", end=None)
            keep(runtime, seen + timedelta(seconds=2))
            assert (line(runtime, "often"), closed(runtime, "often")) == (RESTING, "done")
            runtime.superuser.execute("delete from cron.job_run_details where runid = 103")
        keep(runtime, seen + timedelta(seconds=2))
        assert (line(runtime, "often"), closed(runtime, "often")) == expected


def test_a_run_goes_on_after_the_window(runtime: Runtime, receiver: Receiver) -> None:
    receiver.answers["/http"] = Answer(status=503)
    retry = {"attempts": 2, "backoff_ms": 1, "max_backoff_ms": 1, "within_ms": 3_600_000, "on": ("5xx",)}
    job = http_job(f"{receiver.url}/http", schedule=YEARLY, retry=retry)
    apply_here(runtime.database, stack({"http": bounded(job, until=NOW + DAY)}))
    run = runtime.one("select supacron.call('http')")
    runtime.connection.execute("update supacron.job set runs_until = %s", [write_moment(NOW - DAY)])
    keep(runtime)
    assert line(runtime, "http") is None
    assert runtime.wait_for_outcome(run) == ("http_error", 503, None)
    assert len(receiver.requests) == 2


def test_lateness(runtime: Runtime) -> None:
    """One that runs once is late some minutes after its time, until it succeeded; the end of a window ends it."""
    http = http_job(schedule=YEARLY, timeout_ms=60_000)
    jobs = {
        "once": once(http),
        "over": bounded(http, until=NOW + DAY),
        "early": bounded(http, begins=NOW + DAY),
    }
    apply_here(runtime.database, stack(jobs))
    came(runtime, jobs, "once", NOW - DAY)
    keep(runtime)
    runtime.connection.execute("update supacron.job set runs_until = %s where name = 'over'", [write_moment(NOW - DAY)])
    runtime.connection.execute("select supacron.watch_jobs()")
    late = "select name, late_at from supacron.job_lateness where stack = 'main' order by name"
    minutes = timedelta(minutes=3 + 1 + 2)
    assert runtime.all(late) == [
        ("early", NOW + DAY + timedelta(milliseconds=3 * interval_ms(YEARLY), minutes=1 + 2)),
        ("once", NOW - DAY + minutes),
    ]
    runtime.connection.execute("update supacron.run set outcome = 'ok', leave_at = null, seen_at = now()")
    assert runtime.all(late)[1] == ("once", None)


def test_a_time_that_is_past_is_refused(runtime: Runtime) -> None:
    with pytest.raises(SupacronError) as error:
        apply_here(runtime.database, stack({"once": once(http_job(), NOW - DAY)}))
    assert f"jobs.once.at: {write_moment(NOW - DAY)} is past, and it has not run at that time here" in str(error.value)
