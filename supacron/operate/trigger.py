"""Runs a job now, and follows the run until its outcome is known."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supacron.errors import SupacronError
from supacron.operate import outcomes
from supacron.operate.body import with_values
from supacron.operate.database import require_stack, rows, session, set_timeouts
from supacron.operate.jobs import OperatedJob, find_job
from supacron.operate.target import Target, Usage
from supacron.operate.times import iso
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt after which another one is made."""

    number: int
    outcome: str
    status_code: int | None
    error: str | None

    @property
    def words(self) -> str:
        return f"attempt {self.number}: {outcomes.in_words(self.outcome, self.status_code, self.error)}"

    def to_json(self) -> dict[str, Any]:
        return {
            "attempt": self.number,
            "outcome": self.outcome,
            "http_status": self.status_code,
            "error": self.error,
        }


@dataclass(frozen=True, slots=True)
class TriggeredRun:
    """A run at one moment. `outcome` is None while its answer is awaited; see supacron.run for the times.

    `leaves_in` is in how many seconds it may make its next attempt, while it waits for that. `attempts` are those
    before the last.
    """

    id: int
    outcome: str | None
    status_code: int | None
    error: str | None
    queued_at: datetime
    sent_at: datetime | None
    seen_at: datetime | None
    attempt: int = 1
    leaves_in: float | None = None
    attempts: tuple[Attempt, ...] = ()

    @property
    def state(self) -> str:
        """The outcome, or where the run is on its way to one: queued, waiting (for an answer), retrying."""
        return outcomes.state(self.outcome, self.attempt, leaves=self.leaves_in is not None)

    @property
    def seconds(self) -> float | None:
        """From sending to seeing the answer, which is more than the function took; None while it is not known."""
        if self.sent_at is None or self.seen_at is None:
            return None
        return (self.seen_at - max(self.sent_at, self.queued_at)).total_seconds()

    def to_json(self) -> dict[str, Any]:
        return {
            "run": self.id,
            "outcome": self.state,
            "attempt": self.attempt,
            "earlier_attempts": [each.to_json() for each in self.attempts],
            "http_status": self.status_code,
            "error": self.error,
            "queued_at": iso(self.queued_at),
            "sent_at": iso(self.sent_at),
            "seen_at": iso(self.seen_at),
            "seconds_from_sent_to_seen": self.seconds,
        }


def trigger(  # noqa: PLR0913 -- each is a choice of its own, and has a name
    url: Secret,
    target: Target,
    job: str,
    *,
    by: str,
    project_ref: str | None,
    wait_seconds: float,
    only_first: bool = False,
    body: Mapping[str, str] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Generator[OperatedJob | TriggeredRun]:
    """Yields the job; then its new run, again and again until its outcome is known or `wait_seconds` are over.

    `by` is recorded as who asked for it. With `only_first`, a job that has runs is left alone: no run is yielded.
    `body` are values by path, which go over those of the job's own body (see supacron.operate.body).
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
        run = _start(connection, job, by, found, body)
        state = read_run(connection, run)
        # The request leaves at COMMIT.
        connection.commit()
        yield state
        yield from follow(connection, run, time.monotonic() + wait_seconds)


def _start(connection: Connection, name: str, by: str, job: OperatedJob, body: Mapping[str, str] | None) -> int:
    if not body:
        ((run,),) = rows(connection, "operate/trigger.sql", job=name, by=by)
        return int(run)
    if job.method != "POST":
        raise Usage(f"{name} sends {job.method}, with which no body can go", "Leave --body out.")
    from psycopg.types.json import Jsonb

    whole = Jsonb(with_values(job.body, body))
    ((run,),) = rows(connection, "operate/trigger_with_body.sql", job=name, by=by, body=whole)
    return int(run)


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
    state = TriggeredRun(*rows(connection, "queries/run.sql", run=run)[0])
    if state.attempt < 2 and state.state != outcomes.RETRYING:
        return state
    return replace(state, attempts=tuple(Attempt(*row) for row in rows(connection, "queries/attempts.sql", run=run)))


def news(before: TriggeredRun | None, now: TriggeredRun) -> Iterator[str]:
    """What happened to a run between two looks at it, in words; `before` is None at the first. Pure."""
    if before is None:
        first = "queued: it waits for its turn" if now.state == outcomes.QUEUED else "started"
        yield f"run {now.id} {now.outcome or first}"
    known = len(before.attempts) if before else 0
    for each in now.attempts[known:]:
        next_one = now.state == outcomes.RETRYING and each is now.attempts[-1]
        yield f"{each.words}; the next in {max(now.leaves_in or 0, 0):.1f} s" if next_one else each.words
    if before is not None and (before.state, now.state) == (outcomes.QUEUED, outcomes.WAITING):
        yield f"run {now.id} has left"
    if now.outcome is not None and now.attempt:
        yield Attempt(now.attempt, now.outcome, now.status_code, now.error).words
