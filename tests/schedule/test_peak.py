"""The busiest minute, beside a count of every minute of two years' days."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supacron.schedule import next_runs, parse
from supacron.schedule.peak import busiest, collisions
from supacron.schedule.spread import spread

FIELDS = st.builds(
    " ".join,
    st.tuples(
        st.sampled_from(["0", "5", "0,30", "*/20"]),
        st.sampled_from(["3", "4", "*/12", "3-5"]),
        st.sampled_from(["*", "1", "15", "1,15", "31"]),
        st.sampled_from(["*", "1", "2,7"]),
        st.sampled_from(["*", "0", "1-5"]),
    ),
)


def counted(schedules: dict[str, str]) -> int:
    """The most that fire in one minute of January to July of a year, run by run."""
    start, end = datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 8, 1, tzinfo=UTC)
    runs: Counter[datetime] = Counter()
    for text in schedules.values():
        at = start
        while (following := next(iter(next_runs(parse(text), at, 1)), end)) < end:
            runs[following] += 1
            at = following
    return max(runs.values(), default=0)


@settings(max_examples=15)
@given(st.lists(FIELDS, min_size=1, max_size=5))
def test_no_minute_has_more(texts: list[str]) -> None:
    schedules = {f"job-{number}": text for number, text in enumerate(texts)}
    peak = busiest({name: parse(text) for name, text in schedules.items()}, 0)
    assert peak is not None
    found = set(peak.names)
    assert len(found) >= counted(schedules)
    # They do meet: at that time of day, on one day of the two years.
    clock = timedelta(hours=peak.hour, minutes=peak.minute)
    days = [datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=at) for at in range(732)]
    moments = [day + clock for day in days]
    before = timedelta(minutes=1)
    assert any(all(next_runs(parse(schedules[name]), at - before, 1) == [at] for name in found) for at in moments)


@pytest.mark.parametrize(
    ("texts", "more_than", "names"),
    [
        (["0 3 * * *", "0 3 1 * *", "0 3 2 * *"], 1, ["0", "1"]),
        (["0 3 1 * *", "0 3 2 * *", "0 4 3 * *"], 1, None),
        (["* * * * *", "*/5 * * * *", "30 seconds"], 2, ["0", "1", "2"]),
        (["30 seconds", "1 second"], 1, ["0", "1"]),
        (["0 3 * * 1", "0 3 * * 2"], 1, None),
        ([], 0, None),
    ],
)
def test_what_meets(texts: list[str], more_than: int, names: list[str] | None) -> None:
    peak = busiest({str(number): parse(text) for number, text in enumerate(texts)}, more_than)
    assert (list(peak.names) if peak else None) == names


def test_its_time_is_told() -> None:
    assert str(busiest({"a": parse("7 13 * * *")}, 0)) == "13:07 UTC"


def test_the_worst_minutes_are_told_with_some_names() -> None:
    schedules = {f"hourly-{n}": "0 * * * *" for n in range(6)} | {
        "a": "30 3 * * *",
        "b": "*/30 3 * * *",
        "c": "5 4 * * *",
    }
    found = collisions({name: parse(text) for name, text in schedules.items()})
    assert [(str(peak), peak.minutes, len(peak.names)) for peak in found] == [
        ("03:00 UTC", 1, 7),
        ("00:00 UTC", 23, 6),
        ("03:30 UTC", 1, 2),
    ]
    assert found[0].words == "7 jobs start at 03:00 UTC: b, hourly-0, hourly-1, hourly-2, hourly-3 and 2 more"
    assert found[1].words.startswith("6 jobs start in each of 23 minutes of a day, as at 00:00 UTC: hourly-0, ")
    assert found[2].to_json() == {"at": "03:30", "minutes": 1, "jobs": 2, "names": ["a", "b"]}


@pytest.mark.parametrize(
    "texts", [["* * * * *", "* * * * *", "0 3 * * *"], ["10 seconds", "0 * * * *"], ["0 3 1 * *", "0 3 2 * *"], []]
)
def test_jobs_that_run_every_minute_or_never_meet_are_no_collision(texts: list[str]) -> None:
    assert collisions({str(number): parse(text) for number, text in enumerate(texts)}) == ()


def test_h_ends_them() -> None:
    jobs = [f"job-{n}" for n in range(200)]
    (before, *_), (after, *_) = (
        collisions({job: parse(spread(text, "p", job)) for job in jobs}) for text in ("0 3 * * *", "H H(2-5) * * *")
    )
    assert (len(before.names), len(after.names) <= 6) == (200, True)
