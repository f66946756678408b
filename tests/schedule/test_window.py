"""From, until and once: moments as people write them, and what is due between them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from supacron.schedule import Window, in_words, next_runs, parse
from supacron.schedule.window import line_for, read_moment, write_moment

AT = datetime(2026, 12, 24, 13, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOURLY = parse("0 * * * *")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-24 13:30", AT),
        ("2026-12-24T13:30:00Z", AT),
        ("2026-12-24T14:30+01:00", AT),
        ("2026-12-24", AT.replace(hour=0, minute=0)),
    ],
)
def test_moments_without_an_offset_are_in_utc(text: str, moment: datetime) -> None:
    assert read_moment(text) == moment
    assert read_moment(write_moment(moment)) == moment


@pytest.mark.parametrize(
    "text",
    ["", "now", "14:30", "20261224", "2026-W52-4", "2026-13-01", "2026-12-24 25:00", "1999-12-31", "2026-12-24 x"],
)
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_moment(text)


def test_runs_are_those_of_the_schedule_from_the_first_moment_to_before_the_last() -> None:
    window = Window(AT.replace(minute=0), AT.replace(minute=0) + 2 * HOUR)
    found = window.next_runs(HOURLY, AT - 50 * HOUR, 5)
    assert found == [AT.replace(minute=0), AT.replace(minute=0) + HOUR]
    assert window.next_runs(HOURLY, AT, 5) == found[1:]
    assert window.next_runs(HOURLY, AT + HOUR, 5) == []
    assert Window().next_runs(HOURLY, AT, 5) == next_runs(HOURLY, AT, 5)


def test_once_is_the_one_run_of_its_line() -> None:
    once, schedule = Window(at=AT), parse(line_for(AT))
    assert next_runs(schedule, AT - HOUR, 1) == once.next_runs(schedule, AT - HOUR, 5) == [AT]
    assert once.next_runs(schedule, AT, 5) == []


@pytest.mark.parametrize(
    ("window", "before", "after"),
    [
        (Window(), ("", False), ("", False)),
        (Window(starts=AT), ("from 2026-12-24 13:30 UTC", False), ("", False)),
        (Window(ends=AT), ("", False), ("ended 2026-12-24 13:30 UTC", True)),
        (Window(at=AT), ("", False), ("", True)),
    ],
)
def test_what_is_said_of_it(window: Window, before: tuple[str, bool], after: tuple[str, bool]) -> None:
    assert (window.words(AT - HOUR), window.over(AT - HOUR)) == before
    assert (window.words(AT), window.over(AT)) == after


def test_a_schedule_in_words() -> None:
    assert in_words("0 * * * *", Window()) == "Every hour"
    assert in_words(line_for(AT), Window(at=AT)) == "Once, 2026-12-24 13:30 UTC"
