"""The time zone of a job's schedule: whether there is one of that name, and whether the job can have one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from supacron.model.paths import KeyPath, shorten
from supacron.model.stack_file import Job, JobDefaults
from supacron.schedule import zones
from supacron.schedule.interval import read_seconds
from supacron.schedule.model import ScheduleError
from supacron.validate.findings import Finding, did_you_mean

UTC: Final = "UTC"
_NOT_IN_ONE: Final = ("vacuum", "call", "begin", "start", "commit")
_FIRST_WORD: Final = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*([a-z]+)", re.IGNORECASE | re.DOTALL)


def timezone_of(job: Job, defaults: JobDefaults) -> str | None:
    """The zone of the job's schedule; None is UTC, in which a schedule in seconds and one that runs once are."""
    return None if job.schedule is None or _in_seconds(job.schedule) else zone_of(job, defaults)


def zone_of(job: Job, defaults: JobDefaults) -> str | None:
    """The zone of the moments that the job names; None is UTC, and one that does not exist is reported elsewhere."""
    zone = job.timezone if "timezone" in job.model_fields_set else defaults.timezone
    return None if zone == UTC or zone not in zones.names() else zone


def check_timezone(zone: str | None, path: KeyPath) -> Iterator[Finding]:
    if zone is not None and zone not in zones.names():
        remedy = f"{did_you_mean(zone, zones.names())}Use an IANA name, as in Europe/Berlin."
        yield Finding(path, f"there is no time zone `{shorten(zone)}`", remedy)


def check_job_timezone(job: Job, defaults: JobDefaults, path: KeyPath) -> Iterator[Finding]:
    yield from check_timezone(job.timezone, (*path, "timezone"))
    if job.timezone is not None and job.schedule is not None and _in_seconds(job.schedule):
        yield Finding((*path, "timezone"), "a schedule in seconds has no time zone", "Remove it.", at_key=True)
    zone, word = timezone_of(job, defaults), _FIRST_WORD.match(job.sql or "")
    if zone is not None and word is not None and word[1].lower() in _NOT_IN_ONE:
        yield Finding(
            (*path, "sql"),
            f"`{word[1]}` cannot be in the transaction that first asks whether it is due in {shorten(zone)}",
            "Write the schedule in UTC, with `timezone: UTC`.",
        )


def _in_seconds(schedule: str) -> bool:
    try:
        return read_seconds(schedule) is not None
    except ScheduleError:
        return True
