"""A schedule in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from supacron.schedule.days import either_day
from supacron.schedule.fault import listing
from supacron.schedule.model import Every, Fields, Schedule

_MOST_TIMES = 6
"""Up to this many times of day are named one by one."""
_MOST_SPANS = 3
"""Up to this many spans of hours are named by their ends."""


def describe(schedule: Schedule) -> str:
    """`schedule` in English, such as "At 09:00 UTC, only on Monday"; times of day are on the 24-hour clock."""
    timing = schedule.timing
    if isinstance(timing, Every):
        return "Every second" if timing.seconds == 1 else f"Every {timing.seconds} seconds"
    return ", ".join(part for part in (_times(timing), _day(timing), _months(timing)) if part)


def _times(fields: Fields) -> str:
    count = len(fields.minutes) * len(fields.hours)
    if count <= _MOST_TIMES:
        return f"At {listing([f'{h:02}:{m:02}' for h in fields.hours for m in fields.minutes])} UTC"
    minutes = _step_or_list(fields.minutes, 60)
    if len(fields.hours) == 24 or (len(fields.minutes) == 1 and _even_step(fields.hours, 24)):
        return _phrase(f"{minutes} {_step_or_list(fields.hours, 24)} * * *")
    spans = [f"between {first:02}:00 and {last:02}:59" for first, last in _runs(fields.hours)]
    if len(spans) > _MOST_SPANS:
        spans = [f"in the hours {listing([f'{hour:02}' for hour in fields.hours])}"]
    return f"{_phrase(f'{minutes} * * * *')}, {listing(spans)} UTC"


def _day(fields: Fields) -> str:
    days = "" if fields.every_day else _phrase(f"0 0 {'L' if fields.last_day else _compact(fields.days)} * *")
    weekdays = "" if fields.every_weekday else _phrase(f"0 0 * * {_compact(fields.weekdays)}")
    if not (days and weekdays):
        return days or weekdays
    if either_day(fields):
        return f"{days} or {weekdays.removeprefix('only ')}"
    return f"{days}, but only {weekdays.removeprefix('only ')}"


def _months(fields: Fields) -> str:
    return "" if len(fields.months) == 12 else _phrase(f"0 0 * {_compact(fields.months)} *")


@lru_cache(maxsize=512)
def _phrase(expression: str) -> str:
    """cron-descriptor's words for `expression`, without the midnight that stands for "no time said"."""
    # Loaded here: only a schedule that is shown pays for it.
    from cron_descriptor import ExpressionDescriptor, Options  # type: ignore[import-untyped]

    options = Options(locale_code="en_US", use_24hour_time_format=True, day_of_week_start_index_zero=True)
    return re.sub(r"^At 00:00, ", "", ExpressionDescriptor(expression, options).get_description())


def _even_step(values: Sequence[int], period: int) -> int:
    """The step, less than `period`, that gives `values` from 0 on all through it; or 0."""
    step = values[1] - values[0] if len(values) > 1 else 0
    return step if step and period % step == 0 and tuple(values) == tuple(range(0, period, step)) else 0


def _step_or_list(values: Sequence[int], period: int) -> str:
    step = _even_step(values, period)
    if not step:
        return _compact(values)
    return "*" if step == 1 else f"*/{step}"


def _compact(values: Sequence[int]) -> str:
    """`values` as a cron list in which three or more in a row are a range."""
    parts: list[str] = []
    for first, last in _runs(values):
        parts += [f"{first}-{last}"] if last - first > 1 else [str(value) for value in range(first, last + 1)]
    return ",".join(parts)


def _runs(values: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of values that follow one another."""
    for _, run in groupby(enumerate(values), lambda pair: pair[1] - pair[0]):
        members = [value for _, value in run]
        yield members[0], members[-1]
