"""Jobs in a time zone: which of the minutes in which pg_cron starts them are meant, and what comes of the others."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from supacron.model.desired import DesiredJob
from supacron.plan.record import due
from supacron.schedule import parse, zones
from supacron.schedule.zoned import is_meant
from tests.runtime.runtime import Runtime
from tests.schedule.test_zoned import without_doubles
from tests.support.receiver import Receiver
from tests.support.stacks import apply_here, http_job, sql_job, stack

pytestmark = pytest.mark.slow
TRIED = ("*/15 0-3,22-23 * * *", "*/30 * * * *", "0 0 1,15 * 0", "15 1 $ * *")
MEANT = """
    select d.zone, d.text, m.minute
    from jsonb_to_recordset(%s) as d (zone text, text text, due jsonb)
    join jsonb_to_recordset(%s) as m (zone text, minute timestamptz) using (zone)
    where supacron.is_slot(d.due, m.minute)
"""
CLOCKS = """
    select m.zone, m.minute
    from jsonb_to_recordset(%s) as m (zone text, minute timestamptz, here timestamp[])
    join pg_timezone_names z on z.name = m.zone
    where array[
        m.minute at time zone m.zone, (m.minute - interval '1 minute') at time zone m.zone,
        (m.minute - interval '24 hours') at time zone m.zone
    ] = m.here
"""


def in_zone(job: DesiredJob, zone: str) -> DesiredJob:
    return job.model_copy(update={"timezone": zone})


def minutes() -> list[tuple[str, datetime]]:
    """Around the changes of every zone in three years."""
    found = []
    for zone in without_doubles():
        changes = [shift.at for shift in zones.shifts(zone) if 2027 <= shift.at.year < 2030]
        for at in changes or [datetime(2027, 6, 30, 12, tzinfo=UTC)]:
            found += [(zone, at + timedelta(minutes=15 * n)) for n in range(-12, 13)]
    return found


def test_the_database_decides_as_the_model_does(runtime: Runtime) -> None:
    asked = minutes()
    shown = [
        {
            "zone": zone,
            "minute": minute.isoformat(),
            "here": [
                (minute - before).astimezone(zones.zone(zone)).replace(tzinfo=None).isoformat()
                for before in (timedelta(), timedelta(minutes=1), timedelta(days=1))
            ],
        }
        for zone, minute in asked
    ]
    # The server's data of zones may be of another year than ours.
    same = set(runtime.all(CLOCKS, json.dumps(shown)))
    assert len(same) > len(asked) * 0.9
    dues = [{"zone": zone, "text": text, "due": due(text, zone)} for zone in without_doubles() for text in TRIED]
    meant = {row for row in runtime.all(MEANT, json.dumps(dues), json.dumps(shown)) if (row[0], row[2]) in same}
    assert meant == {
        (zone, text, minute) for zone, minute in same for text in TRIED if is_meant(parse(text, zone), minute)
    }


@pytest.fixture
def berlin(runtime: Runtime, receiver: Receiver) -> Runtime:
    """`http` runs at nine in Berlin, `sql` and `always` every minute; `never` is due once in four years."""
    url, zone = f"{receiver.url}/http", "Europe/Berlin"
    jobs = {
        "http": in_zone(http_job(url, schedule="0 9 * * *"), zone),
        "always": in_zone(http_job(url, schedule="* * * * *"), zone),
        "never": in_zone(http_job(url, schedule="0 0 29 2 *"), zone),
        "sql": in_zone(sql_job("insert into ran select 'sql', count(*) from ran", schedule="* * * * *"), zone),
        "sql-never": in_zone(sql_job("insert into ran values ('never', 0)", schedule="0 0 29 2 *"), zone),
        "sql-wrong": in_zone(sql_job("select 1/0", schedule="* * * * *"), zone),
    }
    apply_here(runtime.database, stack(jobs))
    with runtime.superuser.transaction():
        runtime.superuser.execute("update cron.job set schedule = '0 0 1 1 *'")
        runtime.superuser.execute("update supacron.job set scheduled_at = now() - interval '12 hours'")
    runtime.connection.execute("create table public.ran (job text, earlier bigint)")
    return runtime


def test_a_call_that_is_not_due_leaves_nothing(berlin: Runtime, receiver: Receiver) -> None:
    started = {
        "2027-07-01 07:00:03": True,
        "2027-07-01 08:00:03": False,
        "2027-12-01 08:00:03": True,
        "2027-12-01 07:00:03": False,
        # Late, and no tick of its line in between.
        "2027-07-01 07:42:00": True,
        "2027-07-01 08:42:00": False,
    }
    assert started == dict(
        berlin.all(
            "select t, supacron.is_due(j, supacron.fired_at(j, t::timestamp at time zone 'UTC'))"
            " from supacron.job j, unnest(%s::text[]) t where j.name = 'http' and j.removed_at is null",
            list(started),
        )
    )
    assert berlin.one("select supacron.call('never')") is None
    run = berlin.one("select supacron.call('always')")
    assert berlin.all("select id from supacron.run") == [(run,)]
    assert berlin.one("select now() - scheduled_for < interval '2 min' from supacron.run")
    assert len(receiver.wait_for(1)) == 1


def test_sql_runs_only_when_it_is_due(berlin: Runtime) -> None:
    for runid, job in enumerate(("sql", "sql-never", "sql"), start=101):
        berlin.connection.execute(f"call supacron.run_sql('{job}')")
        berlin.cron_run(runid, job)
    with pytest.raises(Exception, match="division by zero"):
        berlin.connection.execute("call supacron.run_sql('sql-wrong')")
    berlin.cron_run(104, "sql-wrong", "failed", message="ERROR:  division by zero")
    assert berlin.all("select job, earlier from public.ran order by earlier") == [("sql", 0), ("sql", 1)]
    berlin.collect()
    assert berlin.all("select cron_runid, outcome from supacron.run order by 1") == [
        (101, "ok"),
        (103, "ok"),
        (104, "failed"),
    ]


def test_a_tick_that_was_not_meant_makes_nothing_up(berlin: Runtime) -> None:
    """The slot was four minutes ago, the server was away, and pg_cron has started the job once since."""
    slot = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=4)
    bits = due("* * * * *", "Etc/UTC") or {}
    bits["local"] = due(f"{slot.minute} {slot.hour} * * *")
    berlin.connection.execute(
        "update supacron.job set due = %s::text::jsonb, timezone = 'Etc/UTC', changed_at = now() - interval '1 day'"
        " where name = 'never'",
        [json.dumps(bits)],
    )
    berlin.cron_run(101, "never", start="60 seconds", end="50 seconds")
    berlin.connection.execute("update supacron.runtime set collected_at = now() - interval '10 minutes'")
    berlin.collect()
    assert berlin.all(
        "select r.outcome, r.scheduled_for from supacron.run r join supacron.job j on j.id = r.job_id"
        " where j.name = 'never'"
    ) == [("missed", slot)]


def test_another_zone_is_another_schedule_to_be_late_with(berlin: Runtime) -> None:
    berlin.connection.execute("select supacron.watch_jobs()")
    since = "select w.since from supacron.watch w join supacron.job j on j.id = w.job_id where j.name = 'http'"
    before = berlin.one(since)
    berlin.connection.execute("select supacron.watch_jobs()")
    assert berlin.one(since) == before
    berlin.connection.execute("update supacron.job set timezone = 'Asia/Tokyo' where name = 'http'")
    berlin.connection.execute("select supacron.watch_jobs()")
    assert berlin.one(since) > before
