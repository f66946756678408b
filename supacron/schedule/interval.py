"""Schedules in seconds, and how pg_cron says the other intervals."""

from __future__ import annotations

import re

from supacron.schedule.fault import Fault, error
from supacron.schedule.model import Every

# TryParseInterval in pg_cron's src/job_metadata.c: sscanf(" %u secon%c%c %c"), in lower case.
_SECONDS = re.compile(r"\s*\+?(?P<number>[0-9]+)\s*second(?P<plural>s?)(?P<blanks>\s*)", re.IGNORECASE | re.ASCII)
_INTERVAL = re.compile(r"(?:every )?\s*(?P<number>[0-9]{1,9})\s*(?P<unit>[smhdw])[a-z]*", re.IGNORECASE | re.ASCII)
_MINUTES = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
_SPELLED = {1: "* * * * *", 60: "0 * * * *", 24 * 60: "0 0 * * *", 7 * 24 * 60: "0 0 * * 0"}


def read_seconds(text: str) -> Every | None:
    """The schedule in seconds that `text` is, or None; raises ScheduleError where it is a wrong one."""
    match = _SECONDS.fullmatch(text)
    if match is None:
        return None
    number = int(match["number"])
    if not 1 <= number <= 59:
        # sscanf keeps the lowest 32 bits of what it reads.
        silent = 1 <= min(number, 2**64 - 1) % 2**32 <= 59
        message = f"'{text.strip()}' is out of range: pg_cron takes 1 to 59 seconds."
        raise error([Fault(message, interval_remedy(f"{number}s"), silent)])
    if match["blanks"] and not match["plural"]:
        raise error([Fault("pg_cron refuses a blank after 'second'.", f"Write '{number} seconds'.")])
    return Every(number)


def is_interval(text: str) -> bool:
    """Whether `text` is meant as "every so often", as in '5 minutes' or 'every 2h'."""
    return _INTERVAL.fullmatch(text) is not None


def interval_remedy(text: str) -> str:
    """How pg_cron says the interval `text`, where it can."""
    match = _INTERVAL.fullmatch(text)
    if match is None:
        return "Write five fields, such as '*/5 * * * *', or '30 seconds' (pg_cron 1.5)."
    number, unit = int(match["number"]), match["unit"].lower()
    if unit == "s" and 1 <= number <= 59:
        return f"Write '{number} second{'' if number == 1 else 's'}' (pg_cron 1.5)."
    minutes, odd = divmod(number, 60) if unit == "s" else (number * _MINUTES[unit], 0)
    spelling = None if odd or not minutes else _spelling(minutes)
    if spelling is None:
        return "pg_cron cannot say this interval: choose one that divides an hour or a day, such as '*/30 * * * *'."
    return f"Write '{spelling}'."


def _spelling(minutes: int) -> str | None:
    if minutes in _SPELLED:
        return _SPELLED[minutes]
    if 60 % minutes == 0:
        return f"*/{minutes} * * * *"
    if minutes % 60 == 0 and (24 * 60) % minutes == 0:
        return f"0 */{minutes // 60} * * *"
    return None
