"""The queue of a stack's database, for people: how it goes, what failed, what is stuck, and another try."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supacron.errors import Refused
from supacron.live.queue import has_queue
from supacron.operate.database import require_stack, rows, session
from supacron.operate.target import Target
from supacron.operate.times import iso
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Reach:
    """A queue: its stack, the database, and the project that the stack is for (None: not known)."""

    url: Secret
    target: Target
    project_ref: str | None
    progress: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class TypeStats:
    """One job type. `failed` are its dead letters; `oldest_due_seconds` is None where nothing is due."""

    job_type: str
    pending: int
    due: int
    oldest_due_seconds: float | None
    processing: int
    failed: int
    completed_last_hour: int
    avg_processing_time_seconds: float | None


@dataclass(frozen=True, slots=True)
class QueueStats:
    """get_queue_stats(), exact as of `counted_at`, and each job type as it is now."""

    total_pending: int
    total_processing: int
    avg_processing_time_seconds: float | None
    completed_last_hour: int
    failed_last_hour: int
    oldest_pending_seconds: float | None
    counted_at: datetime
    types: tuple[TypeStats, ...] = ()

    @property
    def dead_letters(self) -> int:
        return sum(each.failed for each in self.types)

    def to_json(self) -> dict[str, Any]:
        totals = {key: value for key, value in asdict(self).items() if key not in ("types", "counted_at")}
        return {
            **totals,
            "dead_letters": self.dead_letters,
            "counted_at": iso(self.counted_at),
            "job_types": [asdict(each) for each in self.types],
        }


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A dead letter; its error has every known secret masked."""

    id: int
    job_type: str
    tenant_id: str | None
    priority: int
    attempts: int
    created_at: datetime
    failed_at: datetime
    worker: str | None
    error: str | None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "created_at": iso(self.created_at), "failed_at": iso(self.failed_at)}


@dataclass(frozen=True, slots=True)
class Failures:
    """The newest dead letters, and how many there are of each job type, most first."""

    jobs: tuple[FailedJob, ...]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class StuckJob:
    """A job that a worker holds, at the moment `now`."""

    id: int
    job_type: str
    tenant_id: str | None
    attempts: int
    worker: str | None
    started_at: datetime
    lease_expires_at: datetime
    now: datetime

    @property
    def lost(self) -> bool:
        """Whether its lease ran out."""
        return self.lease_expires_at < self.now

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "job_type": self.job_type,
            "tenant_id": self.tenant_id,
            "attempts": self.attempts,
            "worker": self.worker,
            "started_at": iso(self.started_at),
            "lease_expires_at": iso(self.lease_expires_at),
            "lease_ran_out": self.lost,
            "running_seconds": (self.now - self.started_at).total_seconds(),
        }


@dataclass(frozen=True, slots=True)
class Returned:
    """A job that was taken from its worker: `pending`, with the time of its next try, or `failed`."""

    id: int
    status: str
    attempts: int
    scheduled_for: datetime | None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "scheduled_for": iso(self.scheduled_for)}


@dataclass(frozen=True, slots=True)
class Requeued:
    """The jobs that are pending again; of those that were named, the others with their status (None: no such job)."""

    ids: tuple[int, ...]
    others: dict[int, str | None]


def read_stats(reach: Reach) -> QueueStats:
    """How the queue goes."""
    with queue_session(reach, read_only=True) as connection:
        types = tuple(TypeStats(*row) for row in rows(connection, "queries/queue_types.sql"))
        (totals,) = rows(connection, "queries/queue_stats.sql")
        return replace(QueueStats(*totals), types=types)


def read_failures(reach: Reach, *, job_type: str | None, since_ms: int | None, limit: int) -> Failures:
    """The newest `limit` dead letters, of one job type and of the last `since_ms` where those are given."""
    with queue_session(reach, read_only=True) as connection:
        chosen = {"job_type": job_type, "since_ms": since_ms}
        found = rows(connection, "queries/queue_failures.sql", **chosen, limit=limit)
        counts = dict(rows(connection, "queries/queue_failure_counts.sql", **chosen))
        return Failures(tuple(FailedJob(*row) for row in found), counts)


def read_stuck(reach: Reach, *, running_for_ms: int, limit: int) -> tuple[StuckJob, ...]:
    """Jobs whose lease ran out, or that run for longer than `running_for_ms`; those that started first come first."""
    with queue_session(reach, read_only=True) as connection:
        found = rows(connection, "queries/queue_stuck.sql", running_for_ms=running_for_ms, limit=limit)
        return tuple(StuckJob(*row) for row in found)


def return_stuck(reach: Reach, *, running_for_ms: int, limit: int) -> tuple[Returned, ...]:
    """Takes such jobs from their workers: each counts as a failed attempt."""
    with queue_session(reach) as connection:
        found = rows(connection, "operate/return_stuck.sql", running_for_ms=running_for_ms, limit=limit)
        connection.commit()
        return tuple(Returned(*row) for row in found)


def requeue(reach: Reach, *, ids: Sequence[int], job_type: str | None, limit: int) -> Requeued:
    """Puts dead letters back, with all attempts before them: those named, of the job type given, at most `limit`."""
    with queue_session(reach) as connection:
        named = list(ids) or None
        done = [id_ for (id_,) in rows(connection, "operate/requeue.sql", ids=named, job_type=job_type, limit=limit)]
        others = sorted(set(ids) - set(done))
        known = dict(rows(connection, "queries/queue_statuses.sql", ids=others)) if others else {}
        connection.commit()
        return Requeued(tuple(done), {id_: known.get(id_) for id_ in others})


@contextmanager
def queue_session(reach: Reach, *, read_only: bool = False) -> Iterator[Connection]:
    """A connection to the queue's database; raises Refused where the stack, or a queue, is not there."""
    with session(reach.url, reach.target.label, reach.progress, read_only=read_only) as connection:
        require_stack(connection, reach.url, reach.target.name, reach.project_ref)
        if not has_queue(connection):
            raise Refused(
                "this database has no queue",
                f"Write `queue: {{}}` into the stack's file, and run `pulumi up --stack {reach.target.name}`.",
            )
        yield connection
