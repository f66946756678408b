"""What really happened to the runs of a stack's jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from supacron.operate import outcomes
from supacron.operate.database import require_stack, rows, session
from supacron.operate.jobs import no_such_job
from supacron.operate.target import Target
from supacron.operate.times import iso
from supacron.secret import Secret


@dataclass(frozen=True, slots=True)
class Run:
    """One row of supacron.run. For an HTTP job `queued_at` is when pg_net got the request, `sent_at` when its batch
    started and `seen_at` when the outcome was recorded, which is later than the answer. For a run that pg_cron itself
    tells the outcome of (an SQL job, a call that raised) `queued_at` is its start and `seen_at` its end. `attempt` is
    how many requests it made; `leave_at` when it may make the next, while it waits for that.
    """

    id: int
    job: str
    trigger: str
    requested_by: str | None
    queued_at: datetime
    sent_at: datetime | None
    seen_at: datetime | None
    outcome: str | None
    status_code: int | None
    error: str | None
    secrets: list[str]
    url: str | None
    attempt: int = 1
    leave_at: datetime | None = None
    scheduled_for: datetime | None = None

    @property
    def state(self) -> str:
        """The outcome, or where the run is on its way to one: queued, waiting (for an answer), retrying."""
        return outcomes.state(self.outcome, self.attempt, leaves=self.leave_at is not None)

    @property
    def remedy(self) -> str:
        return outcomes.remedy(self.outcome, self.status_code, secrets=self.secrets, url=self.url)

    def to_json(self) -> dict[str, Any]:
        return {
            "run": self.id,
            "job": self.job,
            "trigger": self.trigger,
            "requested_by": self.requested_by,
            "queued_at": iso(self.queued_at),
            "sent_at": iso(self.sent_at),
            "seen_at": iso(self.seen_at),
            "outcome": self.state,
            "attempt": self.attempt,
            "scheduled_for": iso(self.scheduled_for),
            "next_attempt_at": iso(self.leave_at),
            "http_status": self.status_code,
            "error": self.error,
            "remedy": self.remedy or None,
        }


def read_runs(
    url: Secret,
    target: Target,
    job: str | None,
    *,
    failed: bool,
    limit: int,
    project_ref: str | None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Run, ...]:
    """The newest `limit` runs, of one job or of all, newest first; with `failed` only those with a bad outcome.

    A removed job's runs are kept and found by its name. Raises SupacronError for a name that no job ever had.
    """
    with session(url, target.label, progress, read_only=True) as connection:
        require_stack(connection, url, target.name, project_ref)
        if job is not None:
            known = [name for (name,) in rows(connection, "queries/known_names.sql", stack=target.name)]
            if job not in known:
                raise no_such_job(target.name, job, known)
        found = rows(connection, "queries/runs.sql", stack=target.name, job=job, failed=failed, limit=limit)
        return tuple(Run(*row) for row in found)
