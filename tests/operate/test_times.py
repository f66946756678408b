from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from supacron.operate.times import age, clock, iso, minute

BERLIN = timezone(timedelta(hours=2))
MOMENT = datetime(2026, 3, 1, 11, 30, tzinfo=BERLIN)


def test_every_time_is_shown_in_utc() -> None:
    assert iso(MOMENT) == "2026-03-01T09:30:00Z"
    assert clock(MOMENT) == "2026-03-01 09:30:00"
    assert minute(MOMENT) == "2026-03-01 09:30"


def test_seconds_are_shown_where_there_are_any() -> None:
    assert minute(MOMENT + timedelta(seconds=5)) == "2026-03-01 09:30:05"


def test_no_time_stays_none() -> None:
    assert iso(None) is None


def test_iso_can_be_read_back() -> None:
    moment = datetime(2026, 3, 1, 9, 30, 0, 250_000, UTC)
    assert datetime.fromisoformat(iso(moment) or "") == moment


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-3, "0 s"),
        (0.4, "0 s"),
        (119, "119 s"),
        (120, "2 min"),
        (7_199, "119 min"),
        (7_200, "2 h"),
        (172_799, "47 h"),
        (172_800, "2 d"),
    ],
)
def test_an_age_is_in_its_largest_whole_unit(seconds: float, shown: str) -> None:
    assert age(timedelta(seconds=seconds)) == shown
