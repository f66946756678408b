"""The busiest minutes of many schedules."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

from supacron.schedule.model import Every, Fields, Schedule
from supacron.schedule.times import days
from supacron.schedule.zoned import at_offset
from supacron.schedule.zones import offset

SPREAD_HINT: Final = (
    "An `H` in place of the minute, as in `H * * * *`, gives each job one of its own (docs/schedules.md)."
)
_NAMED: Final = 5
"""So many jobs are named one by one."""
_YEARS: Final = (date(2027, 1, 1), 2028)
"""Two years, one of them a leap year: what meets on fewer days is not looked for."""
_Clock = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Peak:
    """The jobs that start in one minute (UTC); `minutes` of the day have the same ones, and this is their first."""

    hour: int
    minute: int
    names: tuple[str, ...]
    minutes: int = 1

    def __str__(self) -> str:
        return f"{self.hour:02}:{self.minute:02} UTC"

    @property
    def words(self) -> str:
        """How many start together, when, and some of their names."""
        more = f" and {len(self.names) - _NAMED:,} more" if len(self.names) > _NAMED else ""
        when = f"at {self}" if self.minutes == 1 else f"in each of {self.minutes:,} minutes of a day, as at {self}"
        return f"{len(self.names):,} jobs start {when}: {', '.join(self.names[:_NAMED])}{more}"

    def to_json(self) -> dict[str, Any]:
        return {
            "at": f"{self.hour:02}:{self.minute:02}",
            "minutes": self.minutes,
            "jobs": len(self.names),
            "names": list(self.names[:_NAMED]),
        }


def busiest(schedules: Mapping[str, Schedule], more_than: int) -> Peak | None:
    """The minute in which most jobs start, if those are more than `more_than`. One of every few seconds counts once."""
    return next(iter(_worst(schedules, more_than, 1)), None)


def collisions(schedules: Mapping[str, Schedule], count: int = 3) -> tuple[Peak, ...]:
    """The `count` worst minutes in which several jobs start. Those that run every minute meet all, and do not count."""
    return _worst({name: each for name, each in schedules.items() if not _each_minute(each)}, 1, count)


def _each_minute(schedule: Schedule) -> bool:
    timing = schedule.timing
    return isinstance(timing, Every) or (len(timing.minutes) == 60 and len(timing.hours) == 24)


def _worst(schedules: Mapping[str, Schedule], more_than: int, count: int) -> tuple[Peak, ...]:
    found: dict[tuple[str, ...], Peak] = {}
    for season, timings in _seasons(schedules):
        for peak in _worst_in(season, timings, more_than, count):
            found.setdefault(peak.names, peak)
    return tuple(sorted(found.values(), key=lambda peak: -len(peak.names))[:count])


def _seasons(schedules: Mapping[str, Schedule]) -> Iterator[tuple[frozenset[date] | None, dict[str, Every | Fields]]]:
    """When each schedule fires in UTC, and on which days that holds (None: on all): zones change their offsets."""
    zones = sorted({schedule.zone for schedule in schedules.values() if schedule.zone is not None})
    by_offsets: dict[tuple[int, ...], set[date]] = defaultdict(set)
    for day in _every_day() if zones else ():
        by_offsets[tuple(offset(zone, datetime.combine(day, time(12), UTC)) for zone in zones)].add(day)
    if not zones:
        yield None, {name: schedule.timing for name, schedule in schedules.items()}
    for offsets, season in by_offsets.items():
        ahead = dict(zip(zones, offsets, strict=True))
        yield (
            frozenset(season),
            {
                name: at_offset(schedule, ahead[schedule.zone]) if schedule.zone else schedule.timing
                for name, schedule in schedules.items()
            },
        )


def _every_day() -> Iterator[date]:
    first, last_year = _YEARS
    return (first + timedelta(days=at) for at in range((date(last_year + 1, 1, 1) - first).days))


def _worst_in(
    season: frozenset[date] | None, timings: Mapping[str, Every | Fields], more_than: int, count: int
) -> list[Peak]:
    always = [name for name, timing in timings.items() if isinstance(timing, Every)]
    named: dict[Fields, list[str]] = defaultdict(list)
    for name, timing in timings.items():
        if isinstance(timing, Fields):
            named[timing].append(name)
    together: dict[tuple[Fields, ...], list[_Clock]] = defaultdict(list)
    for clock, found in sorted(_by_clock(named, more_than - len(always)).items()):
        together[tuple(found)].append(clock)
    best = [Peak(0, 0, tuple(sorted(always)))] if len(always) > more_than else []
    for meeting, clocks in sorted(together.items(), key=lambda item: (-_total(item[0], named), item[1])):
        if len(best) == count and len(always) + _total(meeting, named) <= len(best[-1].names):
            break
        names = [*always, *_on_the_fullest_day(season, meeting, named)]
        if len(names) > more_than:
            best.append(Peak(*clocks[0], tuple(sorted(names)), len(clocks)))
            best = sorted(best, key=lambda peak: -len(peak.names))[:count]
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
    season: frozenset[date] | None, meeting: Sequence[Fields], named: Mapping[Fields, list[str]]
) -> list[str]:
    patterns = {fields: replace(fields, minutes=(), hours=()) for fields in meeting}
    weights: Counter[Fields] = Counter()
    for fields, pattern in patterns.items():
        weights[pattern] += len(named[fields])
    count: Counter[date] = Counter()
    for pattern, weight in weights.items():
        for at in _days_of(pattern):
            if season is None or at in season:
                count[at] += weight
    if not count:
        return []
    fullest = max(count, key=lambda at: (count[at], -at.toordinal()))
    return [name for fields in meeting if fullest in _days_of(patterns[fields]) for name in named[fields]]


@lru_cache(maxsize=1024)
def _days_of(pattern: Fields) -> frozenset[date]:
    """The days, of those looked at, on which it fires: two schedules that differ in the time of day share them."""
    return frozenset(days(pattern, *_YEARS))
