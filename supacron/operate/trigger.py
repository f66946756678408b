"""Runs a job now, and follows the run until its outcome is known."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supacron.errors import SupacronError
from supacron.operate.database import require_stack, rows, session, set_timeouts
from supacron.operate.jobs import OperatedJob, find_job
from supacron.operate.target import Target
from supacron.operate.times import iso
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class TriggeredRun:
    """A run at one moment. `outcome` is None while its answer is awaited; see supacron.run for the times."""

    id: int
    outcome: str | None
    status_code: int | None
    error: str | None
    queued_at: datetime
    sent_at: datetime | None
    seen_at: datetime | None

    @property
    def seconds(self) -> float | None:
        """From sending to seeing the answer, which is more than the function took; None while it is not known."""
        if self.sent_at is None or self.seen_at is None:
            return None
        return (self.seen_at - max(self.sent_at, self.queued_at)).total_seconds()

    def to_json(self) -> dict[str, Any]:
        return {
            "run": self.id,
            "outcome": self.outcome or "waiting",
            "http_status": self.status_code,
            "error": self.error,
            "queued_at": iso(self.queued_at),
            "sent_at": iso(self.sent_at),
            "seen_at": iso(self.seen_at),
            "seconds_from_sent_to_seen": self.seconds,
        }


def trigger(
    url: Secret,
    target: Target,
    job: str,
    *,
    by: str,
    project_ref: str | None,
    wait_seconds: float,
    only_first: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Generator[OperatedJob | TriggeredRun]:
    """Yields the job; then its new run, again and again until its outcome is known or `wait_seconds` are over.

    `by` is recorded as who asked for it. With `only_first`, a job that has runs is left alone: no run is yielded.
    Raises Refused for a database of another stack; SupacronError for a job that is not there, is SQL, or lacks its
    secret.
    """
    with session(url, target.label, progress) as connection:
        require_stack(connection, url, target.name, project_ref)
        found = find_job(connection, target.name, job)
        yield found
        if only_first and found.has_runs:
            return
        if not found.http:
            raise SupacronError(
                f"{job} is an SQL job, which only pg_cron runs", "Run its SQL yourself, or wait for its schedule."
            )
        ((run,),) = rows(connection, "operate/trigger.sql", job=job, by=by)
        state = read_run(connection, run)
        # The request leaves at COMMIT.
        connection.commit()
        yield state
        yield from follow(connection, run, time.monotonic() + wait_seconds)


def follow(connection: Connection, run: int, until: float) -> Iterator[TriggeredRun]:
    """The run, again and again until its outcome is known or `until` (of time.monotonic) has come."""
    pause = FIRST_PAUSE_SECONDS
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
        set_timeouts(connection)
        rows(connection, "operate/collect.sql")
        state = read_run(connection, run)
        connection.commit()
        yield state
        if state.outcome is not None:
            return


def read_run(connection: Connection, run: int) -> TriggeredRun:
    """The run as it is now."""
    return TriggeredRun(*rows(connection, "queries/run.sql", run=run)[0])
