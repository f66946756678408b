"""How each job of a stack goes: whether it is active, what its last run came to, when it runs next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supacron.live.state import DONE
from supacron.operate import outcomes
from supacron.operate.ages import SecretAge, read_ages
from supacron.operate.database import require_stack, rows, session
from supacron.operate.stop import Stopped, read_stopped
from supacron.operate.target import Target
from supacron.operate.times import age, iso
from supacron.schedule import Window, in_words, parse
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

BAD = frozenset({"http_error", "timed_out", "no_response", "failed", "bad_answer", "missed"})


@dataclass(frozen=True, slots=True)
class JobStatus:
    """One row of supacron.job_status. `last_seen_at` is an upper bound of when the answer came; see supacron.run."""

    name: str
    jobid: int | None
    schedule: str
    enabled: bool
    active: bool
    scheduled: bool
    owner: str | None
    description: str | None
    paused_by: str | None
    paused_reason: str | None
    paused_until: datetime | None
    last_run_id: int | None
    last_trigger: str | None
    last_queued_at: datetime | None
    last_seen_at: datetime | None
    last_outcome: str | None
    last_status_code: int | None
    last_error: str | None
    recent_runs: int
    recent_ok: int
    last_ok_at: datetime | None
    late_at: datetime | None
    secrets: list[str]
    url: str | None
    stopped: bool = False
    spread_from: str | None = None
    runs_from: str | None = None
    runs_until: str | None = None
    runs_at: str | None = None
    closed: str | None = None
    timezone: str | None = None

    @property
    def window(self) -> Window:
        return Window.read(self.runs_from, self.runs_until, self.runs_at)

    @property
    def state(self) -> str:
        """active, ended (its time is over), paused, disabled (in the YAML), stopped (the stack), or what was done
        outside: inactive, missing.
        """
        if self.closed == DONE:
            return "ended"
        if self.paused_by is not None:
            return "paused"
        if not self.enabled:
            return "disabled"
        if not self.scheduled:
            return "missing"
        if self.active:
            return "active"
        return "stopped" if self.stopped else "inactive"

    def late(self, now: datetime) -> bool:
        """Whether it has not succeeded in as many intervals as it may take; never while it is paused."""
        return self.state in ("active", "ended") and self.late_at is not None and self.late_at <= now

    def lateness(self, now: datetime) -> str:
        """Since when a late job has not succeeded, in words."""
        if self.runs_at is not None:
            return f"has not succeeded; it was to run {self.window.once()}"
        since = f"for {age(now - self.last_ok_at)}" if self.last_ok_at else "since it was last changed or resumed"
        return f"has not succeeded {since}; its schedule is {self.schedule}"

    @property
    def words(self) -> str:
        """The schedule in words, and whether it was drawn from an `H`."""
        return in_words(self.schedule, self.window, self.timezone) + (" (H)" if self.spread_from else "")

    def not_due(self, now: datetime) -> str:
        """Why none of its runs is due: `from 2026-12-01 09:00 UTC`, `ended ...`; empty where one may be."""
        return self.window.words(now)

    @property
    def failed(self) -> bool:
        return self.last_outcome in BAD

    @property
    def outcome(self) -> str:
        """The last outcome in words; empty for a job that never ran."""
        if self.last_outcome is None:
            return ""
        return outcomes.in_words(self.last_outcome, self.last_status_code, self.last_error)

    @property
    def remedy(self) -> str:
        """What to do about the last outcome; empty when it is good."""
        return outcomes.remedy(self.last_outcome, self.last_status_code, secrets=self.secrets, url=self.url)

    def next_run(self, now: datetime) -> datetime | None:
        """The next run after `now`; None for a job that is not active."""
        if self.state != "active":
            return None
        return next(iter(self.window.next_runs(parse(self.schedule, self.timezone), now, 1)), None)

    def to_json(self, now: datetime) -> dict[str, Any]:
        return {
            "name": self.name,
            "jobid": self.jobid,
            "state": self.state,
            "schedule": self.schedule,
            "spread_from": self.spread_from,
            "timezone": self.timezone,
            "schedule_in_words": self.words,
            "from": self.runs_from,
            "until": self.runs_until,
            "at": self.runs_at,
            "next_run": iso(self.next_run(now)),
            "owner": self.owner,
            "description": self.description,
            "paused": self.paused_by
            and {"by": self.paused_by, "reason": self.paused_reason, "until": iso(self.paused_until)},
            "last_run": self.last_run_id
            and {
                "run": self.last_run_id,
                "trigger": self.last_trigger,
                "outcome": self.last_outcome,
                "http_status": self.last_status_code,
                "error": self.last_error,
                "queued_at": iso(self.last_queued_at),
                "seen_at": iso(self.last_seen_at),
                "remedy": self.remedy or None,
            },
            "late": self.late(now),
            "last_ok_at": iso(self.last_ok_at),
            "recent_runs": self.recent_runs,
            "recent_ok": self.recent_ok,
        }


@dataclass(frozen=True, slots=True)
class Status:
    """The jobs of a stack at the moment `now` of the database's clock.

    `place`: same, copy (of the database that was applied to), or failover (another timeline of it).
    """

    stack: str
    now: datetime
    collected_at: datetime | None
    jobs: tuple[JobStatus, ...]
    place: str = "same"
    secrets: tuple[SecretAge, ...] = ()
    stopped: Stopped | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "stack": self.stack,
            "now": iso(self.now),
            "collector_last_ran_at": iso(self.collected_at),
            "place": self.place,
            "stopped": self.stopped and self.stopped.to_json(),
            "jobs": [job.to_json(self.now) for job in self.jobs],
            "secrets": [secret.to_json() for secret in self.secrets],
        }


def read_status(
    url: Secret, target: Target, *, project_ref: str | None, progress: Callable[[str], None] = lambda _: None
) -> Status:
    """The status of the stack; raises Refused when the database does not have it."""
    with session(url, target.label, progress, read_only=True) as connection:
        require_stack(connection, url, target.name, project_ref)
        return status_of(connection, target.name)


def status_of(connection: Connection, stack: str) -> Status:
    """The same in a transaction that is open already."""
    now, collected_at, place = rows(connection, "queries/collector.sql")[0]
    jobs = tuple(JobStatus(*row) for row in rows(connection, "queries/status.sql", stack=stack))
    return Status(stack, now, collected_at, jobs, place, read_ages(connection, stack), read_stopped(connection, stack))
