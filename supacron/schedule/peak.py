"""The busiest minute of many schedules."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from supacron.schedule.model import Every, Fields, Schedule
from supacron.schedule.times import fires_on_date

_FIRST: Final = date(2027, 1, 1)
_DAYS: Final = 2 * 366
"""Two years, one of them a leap year: what meets on fewer days is not looked for."""
_Clock = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Peak:
    """The jobs that start in one minute (UTC)."""

    hour: int
    minute: int
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.hour:02}:{self.minute:02} UTC"


def busiest(schedules: Mapping[str, Schedule], more_than: int) -> Peak | None:
    """The minute in which most jobs start, if those are more than `more_than`. One of every few seconds counts once."""
    always = [name for name, schedule in schedules.items() if isinstance(schedule.timing, Every)]
    named: dict[Fields, list[str]] = defaultdict(list)
    for name, schedule in schedules.items():
        if isinstance(schedule.timing, Fields):
            named[schedule.timing].append(name)
    by_clock = _by_clock(named, more_than - len(always))
    best: Peak | None = Peak(0, 0, tuple(sorted(always))) if len(always) > more_than else None
    days: dict[Fields, frozenset[int]] = {}
    for (hour, minute), found in sorted(by_clock.items(), key=lambda item: (-_total(item[1], named), item[0])):
        if best is not None and len(always) + _total(found, named) <= len(best.names):
            break
        names = [*always, *_on_the_fullest_day(found, named, days)]
        if len(names) > (len(best.names) if best else more_than):
            best = Peak(hour, minute, tuple(sorted(names)))
    return best


def _by_clock(named: Mapping[Fields, list[str]], more_than: int) -> dict[_Clock, list[Fields]]:
    """By time of day, the schedules that fire then, where those are enough if all meet on one day."""
    ceiling: Counter[_Clock] = Counter()
    for fields, names in named.items():
        for clock in _clocks(fields):
            ceiling[clock] += len(names)
    by_clock: dict[_Clock, list[Fields]] = {clock: [] for clock, count in ceiling.items() if count > more_than}
    if by_clock:
        for fields in named:
            for clock in _clocks(fields):
                if clock in by_clock:
                    by_clock[clock].append(fields)
    return by_clock


def _clocks(fields: Fields) -> Iterable[_Clock]:
    return ((hour, minute) for hour in fields.hours for minute in fields.minutes)


def _total(found: Iterable[Fields], named: Mapping[Fields, list[str]]) -> int:
    return sum(len(named[fields]) for fields in found)


def _on_the_fullest_day(
    found: list[Fields], named: Mapping[Fields, list[str]], days: dict[Fields, frozenset[int]]
) -> list[str]:
    count: Counter[int] = Counter()
    for fields in found:
        if fields not in days:
            days[fields] = frozenset(at for at in range(_DAYS) if fires_on_date(fields, _FIRST + timedelta(days=at)))
        for at in days[fields]:
            count[at] += len(named[fields])
    if not count:
        return []
    fullest = max(count, key=lambda at: (count[at], -at))
    return [name for fields in found if fullest in days[fields] for name in named[fields]]
