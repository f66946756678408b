"""When a schedule fires. All times come out in UTC."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, pairwise

from supacron.schedule.days import fires_on
from supacron.schedule.model import Every, Fields, Schedule
from supacron.schedule.zoned import in_cron, is_meant

_DAY = 86_400
_LONGER = 3600
_WINDOW = (date(2000, 1, 1), 2056)
"""Dates and weekdays repeat every 28 years, so two such spans hold every gap there is."""


def next_runs(schedule: Schedule, after: datetime, count: int) -> list[datetime]:
    """The next `count` runs later than `after` (aware; any zone), in order.

    pg_cron counts a schedule in seconds from the start of the run before, so those times are estimates: `after` is
    taken for that start. Raises ValueError for a naive `after`. Fewer than `count` come back only at the end of the
    calendar (the year 9999).
    """
    if after.tzinfo is None:
        raise ValueError("`after` has no time zone")
    start = after.astimezone(UTC)
    line = in_cron(schedule).timing
    if isinstance(line, Every):
        return [start + timedelta(seconds=line.seconds * n) for n in range(1, count + 1)]
    return list(islice((run for run in _runs(line, start) if is_meant(schedule, run)), count))


def interval_estimate(schedule: Schedule) -> int:
    """The shortest time between two runs, in seconds; in a zone, on days on which the clock is not changed."""
    timing = schedule.timing
    if isinstance(timing, Every):
        return timing.seconds
    clock = [hour * 3600 + minute * 60 for hour in timing.hours for minute in timing.minutes]
    within = [later - earlier for earlier, later in pairwise(clock)]
    return min([*within, _shortest_day_gap(timing) * _DAY - (clock[-1] - clock[0])])


def longest_gap(schedule: Schedule) -> int:
    """The longest time between two runs, in seconds; in a zone, with the hour by which a day may be longer."""
    timing = schedule.timing
    if isinstance(timing, Every):
        return timing.seconds
    clock = [hour * 3600 + minute * 60 for hour in timing.hours for minute in timing.minutes]
    within = [later - earlier for earlier, later in pairwise(clock)]
    longest = max([*within, _longest_day_gap(replace(timing, minutes=(), hours=())) * _DAY - (clock[-1] - clock[0])])
    return longest + (_LONGER if schedule.zone else 0)


def _runs(fields: Fields, start: datetime) -> Iterator[datetime]:
    for day in days(fields, start.date(), 9999):
        for hour in fields.hours:
            for minute in fields.minutes:
                run = datetime.combine(day, time(hour, minute), UTC)
                if run > start:
                    yield run


def days(fields: Fields, start: date, last_year: int) -> Iterator[date]:
    """The days on which `fields` fires, from `start` on; months that it leaves out cost nothing."""
    for year in range(start.year, last_year + 1):
        for month in fields.months:
            if (year, month) < (start.year, start.month):
                continue
            first_weekday, length = monthrange(year, month)
            for number in range(1, length + 1):
                # monthrange counts from Monday as 0, cron from Sunday as 0.
                weekday = (first_weekday + number) % 7
                if fires_on(fields, number, weekday, length) and date(year, month, number) >= start:
                    yield date(year, month, number)


def _shortest_day_gap(fields: Fields) -> int:
    gaps = ((later - earlier).days for earlier, later in pairwise(days(fields, *_WINDOW)))
    shortest = next(gaps)
    for gap in gaps:
        if shortest == 1:
            break
        shortest = min(shortest, gap)
    return shortest


@lru_cache(maxsize=256)
def _longest_day_gap(fields: Fields) -> int:
    if fields.every_day and fields.every_weekday and len(fields.months) == 12:
        return 1
    return max((later - earlier).days for earlier, later in pairwise(days(fields, *_WINDOW)))
