"""Which pg_cron a schedule needs."""

from __future__ import annotations

from supacron.schedule.model import Every, Schedule
from supacron.schedule.zoned import in_cron

OLDEST = (1, 4)
"""The oldest pg_cron that supacron works with."""


def requires(schedule: Schedule) -> tuple[int, int]:
    """The oldest pg_cron, as (major, minor), that accepts `schedule`."""
    line = in_cron(schedule).timing
    if isinstance(line, Every):
        return (1, 5)
    return (1, 6) if line.last_day else OLDEST


def requirement(schedule: Schedule) -> str:
    """The same in words, such as "'30 seconds' needs pg_cron 1.5"; the caller says what the database has."""
    major, minor = requires(schedule)
    return f"'{schedule.text}' needs pg_cron {major}.{minor}"
