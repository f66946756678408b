"""Jobs whose time has not come or is over, and times that can no longer be kept. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from supacron.errors import Problem
from supacron.live.state import DONE, JobRow, LiveState
from supacron.model.desired import Desired

COLUMNS = ("runs_from", "runs_until", "runs_at")
RESTING = "0 0 31 2 *"
"""The line that never fires, which a waiting job has in cron.job."""


def window_problems(desired: Desired, live: LiveState) -> Iterator[Problem | str]:
    """A problem for each job that is to run once at a time that is past; a warning for a new one that has ended."""
    if live.now is None:
        return
    for name, job in desired.jobs.items():
        if not job.window.over(live.now):
            continue
        row = live.jobs.get(name) or live.jobs.get(job.renamed_from or "")
        if job.runs_at is not None and (row is None or row.applied.runs_at != job.runs_at):
            yield Problem(
                f"{job.runs_at} is past, and it has not run at that time here",
                "Give a time that is still to come, or remove the job. To run it now: supacron trigger.",
                path=f"jobs.{name}.at",
            )
        elif job.runs_at is None and (row is None or row.removed):
            yield f"jobs.{name}.until: {job.runs_until} is past, so this new job does not run"


def windows(desired: Desired, live: LiveState) -> dict[str, str]:
    """By job, why nothing is due now: `from 2026-12-01 09:00 UTC`, `ended ...`, `done: once, ...`."""
    found = {}
    for name, job in desired.jobs.items():
        row = live.jobs.get(name)
        if job.runs_at is not None and _is_done(row, job.runs_at):
            found[name] = f"done: {job.window.once()}"
        elif live.now is not None and (words := job.window.words(live.now)):
            found[name] = words
    return found


def _is_done(row: JobRow | None, at: str) -> bool:
    return row is not None and not row.removed and row.closed == DONE and row.applied.runs_at == at
