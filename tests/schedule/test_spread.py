"""`H`: always a schedule that pg_cron keeps, the same each time, and over many jobs evenly spread."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supacron.schedule import ScheduleError, parse
from supacron.schedule.model import Fields
from supacron.schedule.spread import spread

FIELDS = (
    ["H", "H/30", "H(0-29)/10", "H,59", "H(10-20),H(40-50)", "0"],
    ["H", "H/6", "H(9-17)", "H(0-5),H(12-17)", "*"],
    ["H", "H/7", "H(1-15)", "*", "31", "$"],
    ["H", "H/3", "H(jan-mar)", "*", "2"],
    ["H", "H(mon-fri)", "1-5", "*"],
)


def timing(text: str, job: str = "a", project: str = "p") -> Fields:
    found = parse(spread(text, project, job)).timing
    assert isinstance(found, Fields)
    return found


@given(
    project=st.text(max_size=8), job=st.text(min_size=1, max_size=8), fields=st.tuples(*map(st.sampled_from, FIELDS))
)
def test_it_is_always_valid_in_its_range_and_the_same_again(project: str, job: str, fields: tuple[str, ...]) -> None:
    text = " ".join(fields)
    if fields[2] == "31" and fields[3] != "*":
        # Wrong for each name, not for the unlucky ones alone: there are months without a 31st.
        with pytest.raises(ScheduleError, match=r"^Day '31' "):
            parse(spread(text, project, job))
        return
    resolved = spread(text, project, job)
    found = parse(resolved).timing
    assert isinstance(found, Fields)
    assert "H" not in resolved
    assert spread(text, project, job) == resolved
    assert spread(resolved, project, job) == resolved
    if fields[2] in ("H", "H/7"):
        assert found.days[-1] <= 28
    if fields[1] == "H(9-17)":
        assert 9 <= found.hours[0] <= 17
    if fields[4] == "H(mon-fri)":
        assert 1 <= found.weekdays[0] <= 5


@pytest.mark.parametrize(
    ("text", "job", "resolved"),
    [
        ("H * * * *", "nightly-report", "38 * * * *"),
        ("H/30 * * * *", "batch-processor-30min", "5,35 * * * *"),
        ("H(0-29)/10 * * * *", "poll", "6,16,26 * * * *"),
        ("H/5 * * * *", "poll", "1-56/5 * * * *"),
        ("H H(0-5),H(12-17) * * H(mon-fri)", "poll", "46 0,13 * * 2"),
        ("H H H H *", "überprüfung", "5 17 10 12 *"),
    ],
)
def test_what_was_drawn_once_stays(text: str, job: str, resolved: str) -> None:
    """A change here moves every job that is out there."""
    assert spread(text, "supacron", job) == resolved


def test_a_thousand_jobs_are_spread_evenly() -> None:
    drawn = [timing("H H H * *", f"job-{number}") for number in range(1000)]
    for values, choices in (
        ([each.minutes[0] for each in drawn], 60),
        ([each.hours[0] for each in drawn], 24),
        ([each.days[0] for each in drawn], 28),
    ):
        counts = Counter(values)
        expected = 1000 / choices
        # Of 1,000 draws a fair die gives more than this once in 100,000 tries.
        assert sum((counts[value] - expected) ** 2 / expected for value in counts) < 2.3 * choices
        assert len(counts) == choices
    # The fields of a job are drawn apart.
    assert len({(each.minutes, each.hours) for each in drawn}) > 650
    assert timing("H * * * *", project="one") != timing("H * * * *", project="two")


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("H5 * * * *", "'H5' in the minute field is no way to write H", "'H(0-5)/2'"),
        ("H(20-10) * * * *", "'H(20-10)' in the minute field runs backwards", "Write 'H(10-20)'"),
        ("H(5-5) * * * *", "leaves no choice", "Write '5'"),
        ("H H(0-24) * * *", "'24' is out of the hour field's range", "Use 0 to 23"),
        ("H H * * H(mon-fry)", "'fry' in the day-of-week field is not a value", "Use 0 to 7, or sun to sat"),
        ("H/7 * * * *", "does not run every 7: it starts again with every hour", "H/6 or H/10"),
        ("H/0 * * * *", "no valid step", "whole number"),
        ("H/1 * * * *", "is every value", "Write '*'"),
        ("H(0-9)/8 * * * *", "0 to 9 is too narrow", "Write 'H(0-9)' for one value"),
        ("H H H/20 * *", "1 to 28 is too narrow", "Write 'H' for one value"),
        ("H H 31 H *", "Day '31' does not come in each month that 'H' may stand for", "'$' for the last day"),
        ("H H * * * *", "pg_cron reads five fields", "in one of five fields"),
        ("H/7 */45 * * *", "'*/45' in the hour field", "H/6"),
    ],
)
def test_a_mistake_is_told_whatever_the_names(text: str, message: str, remedy: str) -> None:
    for job in ("a", "b"):
        with pytest.raises(ScheduleError) as error:
            parse(spread(text, "p", job))
        assert message in error.value.message
        assert remedy in error.value.remedy
        assert not error.value.silent


@pytest.mark.parametrize("text", ["*/5 * * * *", "@hourly", "30 seconds", " 0 9 * * mon\n", "h * * * *", "H"])
def test_what_holds_no_h_is_left_as_it_is(text: str) -> None:
    assert spread(text, "p", "a") == text
