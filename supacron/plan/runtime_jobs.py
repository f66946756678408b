"""The cron jobs that supacron itself needs, by name: schedule and command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from supacron.live.state import LiveState

Jobs: TypeAlias = Mapping[str, tuple[str, str]]

RUNTIME_JOBS: Jobs = {
    "supacron-collect": ("* * * * *", "select supacron.collect()"),
    "supacron-dispatch": ("* * * * *", "call supacron.dispatch()"),
    "supacron-prune": ("7 * * * *", "select supacron.prune()"),
}
"""The runtime's own jobs, shared by the stacks of a database."""
QUEUE_JOBS: Jobs = {"supacron-queue": ("* * * * *", "select supacron_queue.maintain()")}
"""The queue's own, where a stack has one."""
OWN_JOBS: Jobs = {**RUNTIME_JOBS, **QUEUE_JOBS}


def stale_jobs(wanted: Jobs, live: LiveState) -> tuple[str, ...]:
    """Which of them are not as they should be."""
    found = {job.name: job for job in live.cron if job.username == live.capabilities.user}
    return tuple(
        name
        for name, (schedule, command) in wanted.items()
        if (job := found.get(name)) is None or (job.schedule, job.command, job.active) != (schedule, command, True)
    )


def scheduling(jobs: Jobs, names: Iterable[str]) -> list[dict[str, str]]:
    """What the template that schedules them takes."""
    return [{"name": name, "schedule": jobs[name][0], "command": jobs[name][1]} for name in names]
