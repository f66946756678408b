"""What the day-of-month, month and day-of-week fields mean together."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from supacron.schedule.fault import Fault
from supacron.schedule.model import Fields

MOST_DAYS = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
"""The most days that a month has, February in a leap year."""


def check_days(fields: Fields, *, day: str, month: str, weekday: str) -> tuple[list[Fault], list[str]]:
    """The faults, and the warnings, of fields that are right each by itself; the texts are quoted in them."""
    return _faults(fields, day, month, weekday), _warnings(fields, day, weekday)


def either_day(fields: Fields) -> bool:
    """Whether one of the two day fields is enough (ShouldRunTask in pg_cron's src/pg_cron.c)."""
    return not (fields.dom_star or fields.dow_star)


def fires_on_date(fields: Fields, day: date) -> bool:
    """Whether `fields` fires on `day`, at whatever time."""
    # Monday is 0 here, and 1 in cron.
    weekday, length = (day.weekday() + 1) % 7, monthrange(day.year, day.month)[1]
    return day.month in fields.months and fires_on(fields, day.day, weekday, length)


def fires_on(fields: Fields, number: int, weekday: int, length: int) -> bool:
    """The same for a day by its number and weekday, in a month of that length; whatever the month."""
    by_day = number in fields.days or (fields.last_day and number == length)
    by_weekday = weekday in fields.weekdays
    return (by_day or by_weekday) if either_day(fields) else (by_day and by_weekday)


def _faults(fields: Fields, day: str, month: str, weekday: str) -> list[Fault]:
    if not fields.last_day and all(fields.days[0] > MOST_DAYS[m] for m in fields.months):
        most = max(MOST_DAYS[m] for m in fields.months)
        return [
            Fault(
                f"Day '{day}' never comes in month '{month}': at most {most} days.",
                f"Write a day up to {most}, or '$' for the last day of the month (pg_cron 1.6).",
                silent=True,
            )
        ]
    if not either_day(fields) or fields.every_day == fields.every_weekday:
        return []
    full, name, restricted = (day, "day-of-month", weekday) if fields.every_day else (weekday, "day-of-week", day)
    return [
        Fault(
            f"pg_cron fires on every day, not on '{restricted}' only: one of the two day fields is enough, and "
            f"'{full}' in the {name} field matches always.",
            f"Write '*' instead of '{full}'.",
            silent=True,
        )
    ]


def _warnings(fields: Fields, day: str, weekday: str) -> list[str]:
    warnings = []
    if not fields.last_day:
        skipped = [m for m in fields.months if fields.days[0] > MOST_DAYS[m]]
        if skipped or (fields.days[0] == 29 and 2 in fields.months):
            warnings.append(
                f"Day '{day}' is skipped where the month is shorter; '$' is the last day of every month (pg_cron 1.6)."
            )
    if fields.every_day or fields.every_weekday:
        return warnings
    both = f"'{day}' in the day-of-month field, '{weekday}' in the day-of-week field"
    if either_day(fields):
        warnings.append(
            f"pg_cron fires when one of the two day fields matches: {both}. If both are meant, write '*' in the second "
            "and let the job check the weekday."
        )
    else:
        warnings.append(f"A day field that begins with '*' makes pg_cron ask for both to match: {both}.")
    return warnings
