"""A schedule in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from supacron.schedule.days import either_day
from supacron.schedule.fault import listing
from supacron.schedule.model import Every, Fields, Schedule
from supacron.schedule.ranges import compact, even_step, runs, step_or_list
from supacron.schedule.zones import ahead, offsets_of

_MOST_TIMES = 6
"""Up to this many times of day are named one by one."""
_MOST_SPANS = 3
"""Up to this many spans of hours are named by their ends."""


def describe(schedule: Schedule) -> str:
    """`schedule` in English, such as "At 09:00 UTC, only on Monday"; times of day are on the 24-hour clock.

    In a zone: "At 09:00 Europe/Berlin (07:00 or 08:00 UTC), only on Monday".
    """
    timing = schedule.timing
    if isinstance(timing, Every):
        return "Every second" if timing.seconds == 1 else f"Every {timing.seconds} seconds"
    return ", ".join(part for part in (_times(timing, schedule.zone), _day(timing), _months(timing)) if part)


def _times(fields: Fields, zone: str | None) -> str:
    count = len(fields.minutes) * len(fields.hours)
    if count <= _MOST_TIMES:
        clock = [hour * 60 + minute for hour in fields.hours for minute in fields.minutes]
        return f"At {_clock_times(clock)} {_in_zone(zone, clock)}"
    minutes = step_or_list(fields.minutes, 60)
    if len(fields.hours) == 24 or (len(fields.minutes) == 1 and even_step(fields.hours, 24)):
        phrase = _phrase(f"{minutes} {step_or_list(fields.hours, 24)} * * *")
        return f"{phrase}, {_in_zone(zone)}" if zone else phrase
    spans = [f"between {first:02}:00 and {last:02}:59" for first, last in runs(fields.hours)]
    if len(spans) > _MOST_SPANS:
        spans = [f"in the hours {listing([f'{hour:02}' for hour in fields.hours])}"]
    return f"{_phrase(f'{minutes} * * * *')}, {listing(spans)} {_in_zone(zone)}"


def _in_zone(zone: str | None, clock: Sequence[int] = ()) -> str:
    """The zone, with what it is in UTC: the times where there are few, else how far it is ahead."""
    if zone is None:
        return "UTC"
    # The largest offset first: it gives the earliest times.
    offsets = offsets_of(zone)[::-1]
    if len(clock) == 1 or (clock and len(offsets) == 1):
        times = [_clock_times([(local - offset) % 1440 for local in clock]) for offset in offsets]
        return f"{zone} ({' or '.join(dict.fromkeys(times))} UTC)"
    return f"{zone} ({' or '.join(ahead(offset) for offset in offsets)})"


def _clock_times(clock: Sequence[int]) -> str:
    return listing([f"{minute // 60:02}:{minute % 60:02}" for minute in clock])


def _day(fields: Fields) -> str:
    days = "" if fields.every_day else _phrase(f"0 0 {'L' if fields.last_day else compact(fields.days)} * *")
    weekdays = "" if fields.every_weekday else _phrase(f"0 0 * * {compact(fields.weekdays)}")
    if not (days and weekdays):
        return days or weekdays
    if either_day(fields):
        return f"{days} or {weekdays.removeprefix('only ')}"
    return f"{days}, but only {weekdays.removeprefix('only ')}"


def _months(fields: Fields) -> str:
    return "" if len(fields.months) == 12 else _phrase(f"0 0 * {compact(fields.months)} *")


@lru_cache(maxsize=512)
def _phrase(expression: str) -> str:
    """cron-descriptor's words for `expression`, without the midnight that stands for "no time said"."""
    # Loaded here: only a schedule that is shown pays for it.
    from cron_descriptor import ExpressionDescriptor, Options  # type: ignore[import-untyped]

    options = Options(locale_code="en_US", use_24hour_time_format=True, day_of_week_start_index_zero=True)
    return re.sub(r"^At 00:00, ", "", ExpressionDescriptor(expression, options).get_description())
