"""When schedules fire: against a scanner that looks at every minute, and by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supacron.schedule import interval_estimate, longest_gap, next_runs, parse
from tests.schedule.expressions import Expression, expressions

STARTS = st.datetimes(datetime(1999, 12, 1), datetime(2045, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def fires(expression: Expression, moment: datetime) -> bool:
    """pg_cron's ShouldRunTask (src/pg_cron.c in 1.6) for one minute, from what was drawn."""
    day = moment.day in expression.days
    if expression.last_day and (moment + timedelta(days=1)).day == 1:
        day = True
    weekday = moment.isoweekday() % 7 in expression.weekdays
    return (
        moment.minute in expression.minutes
        and moment.hour in expression.hours
        and moment.month in expression.months
        and ((day and weekday) if expression.both_days else (day or weekday))
    )


@settings(max_examples=40)
@given(expressions(), STARTS, st.sampled_from([1, 3, 45]))
def test_next_runs_are_those_of_a_minute_scanner(expression: Expression, start: datetime, days: int) -> None:
    end = start + timedelta(days=days)
    moment = start.replace(second=0, microsecond=0) + timedelta(minutes=1)
    expected = []
    while moment <= end:
        if fires(expression, moment):
            expected.append(moment)
        moment += timedelta(minutes=1)
    runs = next_runs(parse(expression.text), start, len(expected) + 1)
    assert runs[:-1] == expected
    assert runs[-1] > end


@settings(max_examples=40)
@given(expressions(), STARTS)
def test_no_two_runs_are_closer_than_the_estimate(expression: Expression, start: datetime) -> None:
    schedule = parse(expression.text)
    runs = next_runs(schedule, start, 300)
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(runs)]
    assert min(gaps) >= interval_estimate(schedule)


@settings(max_examples=40)
@given(expressions(), STARTS)
def test_no_two_runs_are_further_apart_than_the_longest_gap(expression: Expression, start: datetime) -> None:
    schedule = parse(expression.text)
    runs = next_runs(schedule, start, 300)
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(runs)]
    assert max(gaps) <= longest_gap(schedule)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30 seconds", 30),
        ("* * * * *", 60),
        ("0,45 * * * *", 2700),
        ("0,20 9-17 * * *", 15 * 3600 + 2400),
        ("0 9 * * 1-5", 3 * 86_400),
        ("0 0 1 * *", 31 * 86_400),
        ("0 0 29 2 *", 1461 * 86_400),
    ],
)
def test_the_longest_gap_is_reached(text: str, seconds: int) -> None:
    assert longest_gap(parse(text)) == seconds


def test_a_run_at_the_very_moment_is_not_a_next_run() -> None:
    noon = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert next_runs(parse("*/30 * * * *"), noon, 2) == [noon.replace(minute=30), noon.replace(hour=13)]
    assert next_runs(parse("*/30 * * * *"), noon - timedelta(microseconds=1), 1) == [noon]
    assert next_runs(parse("*/30 * * * *"), noon, 0) == []


def test_seconds_count_from_the_moment() -> None:
    moment = datetime(2026, 3, 1, 12, 0, 7, tzinfo=UTC)
    assert next_runs(parse("50 seconds"), moment, 2) == [
        moment + timedelta(seconds=50),
        moment + timedelta(seconds=100),
    ]


def test_another_zone_is_converted_and_none_is_refused() -> None:
    tokyo = datetime(2026, 3, 2, 8, 59, tzinfo=timezone(timedelta(hours=9)))
    assert next_runs(parse("@daily"), tokyo, 1) == [datetime(2026, 3, 2, tzinfo=UTC)]
    with pytest.raises(ValueError, match="no time zone"):
        next_runs(parse("@daily"), datetime(2026, 3, 2), 1)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "after", "first"),
    [
        ("0 0 $ * *", "2027-02-01", "2027-02-28T00:00"),
        ("0 0 $ * *", "2028-02-01", "2028-02-29T00:00"),
        ("0 0 $ 12 *", "2026-12-31T00:00", "2027-12-31T00:00"),
        ("0 0 29 2 *", "2096-03-01", "2104-02-29T00:00"),
        ("0 0 29 2 */7", "2026-01-01", "2032-02-29T00:00"),
        ("0 12 1 * 1", "2026-06-02", "2026-06-08T12:00"),
        ("59 23 31 12 *", "2026-12-31T23:59", "2027-12-31T23:59"),
        ("@weekly", "2026-11-24", "2026-11-29T00:00"),
    ],
)
def test_rare_days(text: str, after: str, first: str) -> None:
    start = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert next_runs(parse(text), start, 1) == [datetime.fromisoformat(first).replace(tzinfo=UTC)]


def test_the_calendar_ends() -> None:
    new_year = datetime(9999, 12, 31, 23, 58, 30, tzinfo=UTC)
    assert next_runs(parse("* * * * *"), new_year, 5) == [new_year.replace(minute=59, second=0)]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("* * * * *", 60),
        ("*/30 * * * *", 1800),
        ("0,50 * * * *", 600),
        ("50 seconds", 50),
        ("@hourly", 3600),
        ("@daily", 86_400),
        ("@weekly", 7 * 86_400),
        ("@monthly", 28 * 86_400),
        ("0 0 $ * *", 28 * 86_400),
        ("0 0 1 1 *", 365 * 86_400),
        ("0 0 29 2 *", 1461 * 86_400),
        ("0 0 * * mon,wed", 2 * 86_400),
        ("0 1,23 * * *", 2 * 3600),
        ("0 1,23 * * mon", 22 * 3600),
        ("0 0 */10 * *", 86_400),
    ],
)
def test_interval_estimate(text: str, seconds: int) -> None:
    assert interval_estimate(parse(text)) == seconds
