"""When jobs run next, as their definitions say. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from supacron.model.desired import Desired
from supacron.operate.jobs import no_such_job
from supacron.operate.times import iso
from supacron.schedule import Every, in_words, parse


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A job's next runs; none while it is disabled. `estimated`: pg_cron counts from the start of the run before.

    `spread_from` is what was written where the schedule was drawn from an `H`.
    `not_due` says why none is due now: `from ...`, `ended ...`.
    """

    job: str
    schedule: str
    timezone: str | None
    words: str
    enabled: bool
    estimated: bool
    runs: tuple[datetime, ...]
    spread_from: str | None = None
    not_due: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "job": self.job,
            "schedule": self.schedule,
            "spread_from": self.spread_from,
            "timezone": self.timezone,
            "schedule_in_words": self.words,
            "enabled": self.enabled,
            "estimated": self.estimated,
            "not_due": self.not_due or None,
            "next_runs": [iso(moment) for moment in self.runs],
        }


def upcoming(desired: Desired, job: str | None, now: datetime, count: int) -> list[Upcoming]:
    """`count` runs after `now`, of one job or of every job; raises SupacronError when there is no such job."""
    if job is not None and job not in desired.jobs:
        raise no_such_job(desired.stack, job, sorted(desired.jobs))
    return [_of(desired, name, now, count) for name in sorted(desired.jobs) if job in (None, name)]


def _of(desired: Desired, name: str, now: datetime, count: int) -> Upcoming:
    definition = desired.jobs[name]
    schedule, window = parse(definition.schedule, definition.timezone), definition.window
    return Upcoming(
        job=name,
        schedule=definition.schedule,
        timezone=schedule.zone,
        words=in_words(definition.schedule, window, definition.timezone),
        enabled=definition.enabled,
        estimated=definition.enabled and isinstance(schedule.timing, Every),
        spread_from=definition.spread_from,
        runs=tuple(window.next_runs(schedule, now, count)) if definition.enabled else (),
        not_due="ended" if window.at is not None and window.over(now) else window.words(now),
    )
