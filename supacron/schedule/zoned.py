"""A schedule in a time zone: the one line in UTC for pg_cron, and which of the minutes that it fires in are meant.

pg_cron knows no zones. Its line fires at each time of day that some offset of the zone gives, on each day that such a
time may fall on, and where needed in more minutes than that; `is_slot` then decides. In the database the function of
the same name does, in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from supacron.schedule import zones
from supacron.schedule.days import either_day, fires_on_date
from supacron.schedule.grammar import parse
from supacron.schedule.model import Every, Fields, Schedule
from supacron.schedule.ranges import compact, step_or_list

_DAY: Final = 24 * 60
_A_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
_YEARS: Final = (2027, 2028)
"""Every date that there is: the second is a leap year."""
_DAYS: Final = range(1, 32)
_WEEKDAYS: Final = range(7)


def runs_every_hour(fields: Fields) -> bool:
    """Whether it goes by elapsed time: an hour that is repeated counts again, and one that is left out is none."""
    return len(fields.hours) == 24


@lru_cache(maxsize=4096)
def in_cron(schedule: Schedule) -> Schedule:
    """What pg_cron is given for it: itself, or the line in UTC that fires at every time that it may mean."""
    fields, zone = schedule.timing, schedule.zone
    if zone is None or isinstance(fields, Every):
        return schedule
    ticks = set(_ticks(fields, zones.offsets_of(zone)))
    if not runs_every_hour(fields):
        ticks.update(_after_gaps(fields, zone))
    return parse(_line(fields, ticks))


@lru_cache(maxsize=4096)
def at_offset(schedule: Schedule, offset: int) -> Every | Fields:
    """What fires, in UTC, while its zone is so many minutes ahead."""
    fields = schedule.timing
    return fields if isinstance(fields, Every) else parse(_line(fields, set(_ticks(fields, (offset,))))).timing


def is_meant(schedule: Schedule, minute: datetime) -> bool:
    """Whether it runs in a minute (aware) in which pg_cron's line fires."""
    if schedule.zone is None or isinstance(schedule.timing, Every):
        return True
    return is_slot(schedule.timing, schedule.zone, minute)


def is_slot(fields: Fields, zone: str, minute: datetime) -> bool:
    """Whether a schedule in that zone runs in this minute (aware).

    A time that does not exist counts as the first minute after the gap, one that happens twice as the first of the two.
    """
    here = _on_the_wall(zone, minute)
    if runs_every_hour(fields):
        return _matches(fields, here)
    if _matches(fields, here) and not _is_repeated(zone, minute, here):
        return True
    before = _on_the_wall(zone, minute - _MINUTE)
    left_out = (here - before) // _MINUTE - 1
    return any(_matches(fields, before + n * _MINUTE) for n in range(1, left_out + 1))


def _is_repeated(zone: str, minute: datetime, here: datetime) -> bool:
    """Whether the clock has shown this time before. It is set back at most once a day."""
    back = zones.offset(zone, minute - _A_DAY) - zones.offset(zone, minute)
    return back > 0 and _on_the_wall(zone, minute - back * _MINUTE) == here


def _on_the_wall(zone: str, minute: datetime) -> datetime:
    return minute.astimezone(zones.zone(zone)).replace(tzinfo=None)


def _matches(fields: Fields, here: datetime) -> bool:
    return here.minute in fields.minutes and here.hour in fields.hours and fires_on_date(fields, here.date())


def _ticks(fields: Fields, offsets: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The minutes of the day, in UTC, at which it may run, each with the number of days that the date is later."""
    for offset in offsets:
        for local in _clock(fields):
            yield divmod(local - offset, _DAY)


def _after_gaps(fields: Fields, zone: str) -> Iterator[tuple[int, int]]:
    """The same for what runs after a gap, since its time is left out where the clock is set forward."""
    for shift in zones.shifts(zone):
        gap = shift.at + shift.before * _MINUTE
        for local in _clock(fields):
            into = (local - (gap.hour * 60 + gap.minute)) % _DAY
            if into < shift.after - shift.before:
                later = (shift.at.date() - (gap + into * _MINUTE).date()).days
                yield later, shift.at.hour * 60 + shift.at.minute


def _clock(fields: Fields) -> list[int]:
    return [hour * 60 + minute for hour in fields.hours for minute in fields.minutes]


def _line(fields: Fields, ticks: set[tuple[int, int]]) -> str:
    minutes = sorted({tick % 60 for _, tick in ticks})
    hours = sorted({tick // 60 for _, tick in ticks})
    dates = _dates(replace(fields, minutes=(), hours=()), frozenset(later for later, _ in ticks))
    return f"{step_or_list(minutes, 60)} {step_or_list(hours, 24)} {dates}"


@lru_cache(maxsize=1024)
def _dates(fields: Fields, later: frozenset[int]) -> str:
    """The fields day, month and weekday for dates that may be so many days later."""
    every = [day for first in _YEARS for day in _year(first) if day.month in fields.months]
    either = either_day(fields)
    by_weekday = either or fields.every_day
    meant = every if by_weekday else [day for day in every if _is_day(fields, day)]
    months = {moved.month for moved in _moved(meant, later)}
    by_number = (day for day in every if _is_day(fields, day))
    days = set(_DAYS) if fields.every_day else {moved.day for moved in _moved(by_number, later)}
    weekdays = {(weekday + number) % 7 for weekday in fields.weekdays for number in later}
    if either and (len(days) == 31 or len(weekdays) == 7):
        days, weekdays = set(_DAYS), set(_WEEKDAYS)
    elif not by_weekday:
        # A list in both would be a matter of either: the days alone are enough, and `is_slot` sees to the rest.
        weekdays = set(_WEEKDAYS)
    return f"{_field(days, 31)} {_field(months, 12)} {_field(weekdays, 7)}"


def _year(number: int) -> Iterator[date]:
    first = date(number, 1, 1)
    return (first + day * _A_DAY for day in range((date(number + 1, 1, 1) - first).days))


def _is_day(fields: Fields, day: date) -> bool:
    return day.day in fields.days or (fields.last_day and (day + _A_DAY).day == 1)


def _moved(days: Iterable[date], later: frozenset[int]) -> Iterator[date]:
    return (day + number * _A_DAY for day in days for number in later)


def _field(values: set[int], all_of_them: int) -> str:
    return "*" if len(values) == all_of_them else compact(sorted(values))
