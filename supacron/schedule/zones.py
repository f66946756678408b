"""IANA time zones, from the tzdata package: the same on every machine, whatever the system has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

YEARS: Final = (2026, 2046)
"""From the start of the first to the start of the second: the years whose offsets count. They are fixed, so that the
same YAML gives the same SQL every day."""
_NO_ZONE: Final = "Factory"
_STEP: Final = timedelta(days=7)
"""No rule changes back within a week."""
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """A change of a zone's offset, in minutes east of UTC; `at` is the first minute of the new one."""

    at: datetime
    before: int
    after: int


@cache
def names() -> frozenset[str]:
    """Every zone's name."""
    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split()) - {_NO_ZONE}


@cache
def zone(name: str) -> ZoneInfo:
    """The zone; raises KeyError where there is none of that name."""
    if name not in names():
        raise KeyError(name)
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def offset(name: str, at: datetime) -> int:
    """Minutes east of UTC."""
    found = at.astimezone(zone(name)).utcoffset()
    return 0 if found is None else int(found.total_seconds()) // 60


@cache
def shifts(name: str) -> tuple[Shift, ...]:
    """The changes of its offset in YEARS."""
    return tuple(_shifts(name))


@cache
def offsets_of(name: str) -> tuple[int, ...]:
    """The offsets that it has in YEARS, the smallest first."""
    return tuple(sorted({offset(name, _start()), *(shift.after for shift in shifts(name))}))


def moment(name: str, here: datetime) -> datetime:
    """The moment (in UTC) at which a clock there shows `here` first; the next one that exists, where it never does."""
    there = here.replace(tzinfo=zone(name), fold=0)
    while there.astimezone(UTC).astimezone(there.tzinfo).replace(tzinfo=None) != there.replace(tzinfo=None):
        there += _MINUTE
    return there.astimezone(UTC)


def ahead(offset: int) -> str:
    """An offset in words, as in `UTC+5:30`."""
    hours, minutes = divmod(abs(offset), 60)
    return f"UTC{'-' if offset < 0 else '+'}{hours}{f':{minutes:02}' if minutes else ''}" if offset else "UTC"


def _start() -> datetime:
    return datetime(YEARS[0], 1, 1, tzinfo=UTC)


def _shifts(name: str) -> Iterator[Shift]:
    weeks = (datetime(YEARS[1], 1, 1, tzinfo=UTC) - _start()) // _STEP + 1
    samples = [_start() + _STEP * week for week in range(weeks + 1)]
    for (earlier, before), (later, after) in pairwise((at, offset(name, at)) for at in samples):
        if before != after:
            yield Shift(_first_minute(name, earlier, later, before), before, after)


def _first_minute(name: str, earlier: datetime, later: datetime, before: int) -> datetime:
    """The first minute after `earlier` whose offset is not `before`; it is so at `later`."""
    low, high = 0, (later - earlier) // _MINUTE
    while high - low > 1:
        middle = (low + high) // 2
        if offset(name, earlier + middle * _MINUTE) == before:
            low = middle
        else:
            high = middle
    return earlier + high * _MINUTE
