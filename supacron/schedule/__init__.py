"""pg_cron's schedules: what they say, what they need, and when they fire. Pure: no database, no clock."""

from supacron.schedule.grammar import parse
from supacron.schedule.model import Every, Fields, Schedule, ScheduleError
from supacron.schedule.times import interval_estimate, longest_gap, next_runs
from supacron.schedule.versions import requirement, requires
from supacron.schedule.window import Window, in_words
from supacron.schedule.words import describe
from supacron.schedule.zoned import in_cron

__all__ = [
    "Every",
    "Fields",
    "Schedule",
    "ScheduleError",
    "Window",
    "describe",
    "in_cron",
    "in_words",
    "interval_estimate",
    "longest_gap",
    "next_runs",
    "parse",
    "requirement",
    "requires",
]
