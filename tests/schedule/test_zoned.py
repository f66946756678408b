"""Schedules in time zones: what pg_cron is given, and which of the minutes that it fires in are meant.

The oracle comes from the other side: it walks over the local dates and asks zoneinfo for the moments.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supacron.schedule import Fields, describe, in_cron, longest_gap, next_runs, parse, requires, zones
from supacron.schedule.days import fires_on_date
from supacron.schedule.peak import Peak, busiest
from supacron.schedule.window import read_moment, write_moment
from supacron.schedule.zoned import is_meant
from tests.schedule.expressions import Expression, expressions

MINUTE = timedelta(minutes=1)
TEN_YEARS = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC))
TRIED = ("*/10 0-3,21-23 * * *", "*/30 * * * *", "30 2 * * *", "0 0 1,15 * 0", "10 1 $ * *", "59 23 * * 6")
"""What runs around the hours at which clocks are changed; and what runs in every hour."""


def oracle(fields: Fields, zone: ZoneInfo, first: datetime, last: datetime) -> set[datetime]:
    """When a schedule in that zone runs, from the first moment to the last."""
    day, found = first.date() - timedelta(days=1), set[datetime]()
    while day <= last.date() + timedelta(days=1):
        if fires_on_date(fields, day):
            for hour in fields.hours:
                for minute in fields.minutes:
                    found.update(moments(datetime.combine(day, time(hour, minute)), zone, len(fields.hours) == 24))
        day += timedelta(days=1)
    return {moment for moment in found if first <= moment <= last}


def moments(here: datetime, zone: ZoneInfo, by_elapsed_time: bool) -> Iterator[datetime]:
    """The moments that a time on the wall stands for."""
    both = [here.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    there = [moment for moment in both if moment.astimezone(zone).replace(tzinfo=None, fold=0) == here]
    if by_elapsed_time:
        yield from there
    elif there:
        yield there[0]
    else:
        # It is left out: the next time that exists.
        yield next(moments(here + MINUTE, zone, by_elapsed_time))


def fired(text: str, zone: str, first: datetime, last: datetime) -> set[datetime]:
    """When pg_cron fires and the run is meant."""
    schedule = parse(text, zone)
    line = in_cron(schedule).timing
    assert isinstance(line, Fields)
    ticks = (
        datetime.combine(day, time(hour, minute), UTC)
        for day in (first.date() + timedelta(days=n) for n in range((last.date() - first.date()).days + 1))
        if fires_on_date(line, day)
        for hour in line.hours
        for minute in line.minutes
    )
    return {tick for tick in ticks if first <= tick <= last and is_meant(schedule, tick)}


def without_doubles() -> list[str]:
    """One zone for each set of changes in ten years."""
    by_data = {(zones.offsets_of(name), zones.shifts(name)): name for name in sorted(zones.names(), reverse=True)}
    return sorted(by_data.values())


@pytest.mark.parametrize("text", TRIED)
def test_every_zone_over_ten_years_of_changes(text: str) -> None:
    for name in without_doubles():
        zone, fields = zones.zone(name), parse(text).timing
        assert isinstance(fields, Fields)
        shifts = [shift.at for shift in zones.shifts(name) if TEN_YEARS[0] <= shift.at < TEN_YEARS[1]]
        for at in (*shifts, datetime(2027, 1, 31, 12, tzinfo=UTC), datetime(2027, 6, 30, 12, tzinfo=UTC)):
            span = (at - timedelta(hours=3), at + timedelta(hours=3)) if at in shifts else (at, at + timedelta(days=2))
            assert fired(text, name, *span) == oracle(fields, zone, *span), (name, at)


def test_the_zones_are_read_as_zoneinfo_has_them() -> None:
    assert len(zones.names()) > 590
    assert {(shift.before, shift.after) for shift in zones.shifts("Europe/Berlin")} == {(60, 120), (120, 60)}
    assert zones.shifts("Europe/Berlin")[0].at == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert zones.offsets_of("Asia/Kolkata") == (330,)
    with pytest.raises(KeyError):
        zones.zone("Factory")
    with pytest.raises(KeyError):
        zones.zone("../../etc/passwd")


@pytest.mark.parametrize(
    ("text", "zone", "line"),
    [
        ("0 9 * * 1-5", "Europe/Berlin", "0 7,8 * * 1-5"),
        ("*/10 * * * *", "Europe/Berlin", "*/10 * * * *"),
        ("0 9 * * *", "Asia/Kolkata", "30 3 * * *"),
        ("@daily", "America/New_York", "0 4,5 * * *"),
        # What is left out in March runs at 01:00.
        ("30 2 * * *", "Europe/Berlin", "*/30 0,1 * * *"),
        ("30 2 * * *", "Asia/Tokyo", "30 17 * * *"),
        # The day before, and the month before.
        ("0 3 * * 1", "Asia/Tokyo", "0 18 * * 0"),
        ("0 3 1 * *", "Asia/Tokyo", "0 18 28-31 * *"),
        ("0 3 1 1 *", "Asia/Tokyo", "0 18 31 12 *"),
        ("0 3 1 3 *", "Asia/Tokyo", "0 18 28,29 2 *"),
        ("0 3 $ * *", "Asia/Tokyo", "0 18 27-30 * *"),
        ("0 22 31 12 *", "America/New_York", "0 2,3 1 1 *"),
        ("0 * * 2 *", "Asia/Tokyo", "0 * * 1,2 *"),
        # One of the two days is enough, or both are needed: then the days alone are in the line.
        ("0 3 1 * 1", "Asia/Tokyo", "0 18 28-31 * 0"),
        ("0 3 2-31 * 1", "Pacific/Kiritimati", "0 13 1-30 * 0"),
        ("0 0 2-31/2 * 1", "Europe/Berlin", "0 22,23 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29 * 0"),
        ("0 1 1-30 * 1", "Europe/Berlin", "0 0,23 * * *"),
        ("0 3 */2 * 1", "Asia/Tokyo", "0 18 2,4,6,8,10,12,14,16,18,20,22,24,26,28-31 * *"),
    ],
)
def test_the_line_for_pg_cron(text: str, zone: str, line: str) -> None:
    assert in_cron(parse(text, zone)).text == line


def test_a_line_needs_no_newer_pg_cron() -> None:
    assert requires(parse("0 3 $ * *")) == (1, 6)
    assert requires(parse("0 3 $ * *", "Europe/Berlin")) == (1, 4)


def test_seconds_have_no_zone() -> None:
    schedule = parse("30 seconds", "Europe/Berlin")
    assert schedule == parse("30 seconds")
    assert in_cron(schedule) == schedule


@settings(deadline=None, max_examples=100)
@given(expressions(), st.sampled_from(without_doubles()))
def test_every_schedule_has_a_line_that_pg_cron_keeps(expression: Expression, zone: str) -> None:
    schedule = parse(expression.text, zone)
    line = in_cron(schedule)
    assert parse(line.text) == line
    assert in_cron(schedule) == line
    assert zone in describe(schedule) or schedule.zone is None
    start = datetime(2027, 3, 1, tzinfo=UTC)
    for run in next_runs(schedule, start, 3) if schedule.zone else ():
        assert is_meant(schedule, run)


def test_the_next_runs_over_a_change() -> None:
    days = next_runs(parse("30 2 * * *", "Europe/Berlin"), datetime(2027, 3, 26, 12, tzinfo=UTC), 3)
    assert [f"{run:%d %H:%M}" for run in days] == ["27 01:30", "28 01:00", "29 00:30"]
    days = next_runs(parse("30 2 * * *", "Europe/Berlin"), datetime(2027, 10, 30, 12, tzinfo=UTC), 2)
    assert [f"{run:%d %H:%M}" for run in days] == ["31 00:30", "01 01:30"]
    hourly = next_runs(parse("30 * * * *", "Europe/Berlin"), datetime(2027, 10, 31, tzinfo=UTC), 3)
    assert [f"{run:%H:%M}" for run in hourly] == ["00:30", "01:30", "02:30"]


def test_a_moment_without_an_offset_is_of_the_zone() -> None:
    def read(text: str) -> str:
        return write_moment(read_moment(text, "Europe/Berlin"))

    assert read("2027-07-01") == "2027-06-30T22:00:00Z"
    assert read("2027-07-01 09:00+00:00") == "2027-07-01T09:00:00Z"
    # Left out, and twice.
    assert read("2027-03-28 02:30") == "2027-03-28T01:00:00Z"
    assert read("2027-10-31 02:30") == "2027-10-31T00:30:00Z"


def test_the_longest_gap_has_the_longer_day_in_it() -> None:
    assert longest_gap(parse("0 9 * * *", "Europe/Berlin")) == 25 * 3600
    assert longest_gap(parse("0 9 * * *")) == 24 * 3600


def test_the_busiest_minute_is_a_real_one() -> None:
    # In UTC, nine o'clock in Berlin is at seven in summer alone, and at eight in winter.
    schedules = {
        "berlin": parse("0 9 1 7 *", "Europe/Berlin"),
        "utc": parse("0 7 1 7 *"),
        "winter": parse("0 8 1 7 *"),
    }
    assert busiest(schedules, 1) == Peak(7, 0, ("berlin", "utc"))
    assert busiest({name: schedules[name] for name in ("berlin", "winter")}, 1) is None


@pytest.mark.parametrize(
    ("text", "zone", "words"),
    [
        ("0 9 * * 1-5", "Europe/Berlin", "At 09:00 Europe/Berlin (07:00 or 08:00 UTC), Monday through Friday"),
        ("0 9,18 * * *", "Asia/Kolkata", "At 09:00 and 18:00 Asia/Kolkata (03:30 and 12:30 UTC)"),
        ("0 9,18 * * *", "Europe/London", "At 09:00 and 18:00 Europe/London (UTC+1 or UTC)"),
        (
            "*/5 9-17 * * *",
            "Australia/Lord_Howe",
            "Every 5 minutes, between 09:00 and 17:59 Australia/Lord_Howe (UTC+11 or UTC+10:30)",
        ),
        ("0 * * * 1", "America/St_Johns", "Every hour, America/St_Johns (UTC-2:30 or UTC-3:30), only on Monday"),
    ],
)
def test_in_words(text: str, zone: str, words: str) -> None:
    assert describe(parse(text, zone)) == words
