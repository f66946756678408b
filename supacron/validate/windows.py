"""When a job's schedule holds: `from`, `until`, or `at` in place of a schedule. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from supacron.model.paths import KeyPath
from supacron.model.stack_file import Job, StackFile
from supacron.schedule.model import Schedule
from supacron.schedule.window import Window, line_for, read_moment
from supacron.validate.findings import Finding
from supacron.validate.timezones import zone_of

_KEYS: Final = ("from", "until", "at")
_FORM: Final = "Write one as in '2026-12-24 14:30', '2026-12-24T14:30:00+01:00' or '2026-12-24', in quotes."

_MISSING: Final = (
    "Add one, as in schedule: '*/30 * * * *', or `at:` to run once. "
    "To override a job, use the name in the stack's file."
)


def schedule_of(job: Job, zone: str | None) -> str:
    """The line that pg_cron gets; the job must have passed `check_window`."""
    if job.at is not None:
        return line_for(read_moment(job.at, zone))
    return (job.schedule or "").strip(" \t\n")


def window_of(job: Job, zone: str | None) -> Window:
    """When it holds, in that zone; the job must have passed `check_window`."""
    return Window.read(job.begins, job.until, job.at, zone)


def check_window(
    job: Job, raw: Mapping[str, Any], schedule: Schedule | None, path: KeyPath, zone: str | None
) -> Iterator[Finding]:
    """What is wrong with when the job runs, in that zone; `schedule` is what its own says, None where that is none."""
    if job.at is None and job.schedule is None:
        yield Finding((*path, "schedule"), "`schedule` is missing", _MISSING)
    for key in _KEYS if job.at is not None else ():
        if key != "at" and raw.get(key) is not None:
            yield Finding((*path, key), f"`{key}` has no meaning in a job that runs once", "Remove it.", at_key=True)
    if job.at is not None and job.schedule is not None:
        remedy = "Keep `schedule` for a job that recurs, or `at` for one that runs once."
        yield Finding((*path, "at"), "`schedule` and `at` in one job", remedy, at_key=True)
    written = {"from": job.begins, "until": job.until, "at": job.at}
    moments = {}
    for key, text in written.items():
        if text is None:
            continue
        try:
            moments[key] = read_moment(text, zone)
        except ValueError:
            yield Finding((*path, key), "not a date and time", _FORM)
    if "at" in moments and moments["at"].second:
        yield Finding((*path, "at"), "pg_cron starts jobs on whole minutes", "Leave the seconds out.")
    if "from" in moments and "until" in moments:
        yield from _check_order(moments["from"], moments["until"], schedule, path)


def _check_order(begins: datetime, until: datetime, schedule: Schedule | None, path: KeyPath) -> Iterator[Finding]:
    if until <= begins:
        remedy = "Give an end that is later; a date alone is its first minute."
        yield Finding((*path, "until"), "not later than `from`", remedy)
    elif schedule is not None and not Window(begins, until).next_runs(schedule, begins - timedelta(days=1), 1):
        yield Finding((*path, "until"), "the schedule is never due between `from` and `until`", "Widen the window.")


def past_windows(definition: StackFile, now: datetime) -> Iterator[Finding]:
    """Warnings about jobs whose time is over: only a database knows whether they ran."""
    for name, job in definition.jobs.items():
        if job.enabled and window_of(job, zone_of(job, definition.defaults)).over(now):
            key = "at" if job.at is not None else "until"
            message = "this time is past: the job does not run any more"
            yield Finding(
                ("jobs", name, key), message, "Remove the job once you need no record of it, or move the time."
            )
