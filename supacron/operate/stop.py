"""The kill switch: stops every job of a stack at once, for the record, and puts back exactly what was active."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supacron.apply.transaction import Progress, run_locked
from supacron.errors import Refused
from supacron.operate.database import require_stack, rows
from supacron.operate.target import Target
from supacron.operate.times import clock, iso
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Stopped:
    """Who stopped a stack, why and when; `jobs` is how many were made inactive, or active again."""

    by: str
    reason: str
    at: datetime
    jobs: int = 0

    def __str__(self) -> str:
        return f"stopped by {self.by} since {clock(self.at)} UTC: {self.reason}"

    def to_json(self) -> dict[str, Any]:
        return {"by": self.by, "reason": self.reason, "at": iso(self.at), "jobs": self.jobs}


def stop(url: Secret, target: Target, by: str, reason: str, *, project_ref: str | None, progress: Progress) -> Stopped:
    """Makes each job of the stack inactive, in one transaction. Runs that are under way end as they will.

    Raises Refused where it is stopped already, or the database does not have it.
    """

    def work(connection: Connection) -> Stopped:
        require_stack(connection, url, target.name, project_ref)
        if before := read_stopped(connection, target.name):
            raise Refused(f"{target.name} is {before}", f"supacron start --stack {target.stack}")
        ((at,),) = rows(connection, "operate/stop.sql", stack=target.name, by=by, reason=reason)
        jobs = rows(connection, "operate/stop_jobs.sql", stack=target.name)
        return Stopped(by, reason, at, len(jobs))

    return run_locked(
        url, target.label, work, was_done=lambda connection: _done(connection, target, by), progress=progress
    )


def start(url: Secret, target: Target, *, project_ref: str | None, progress: Progress) -> Stopped | None:
    """Makes active what `stop` found active, and what was resumed or applied since; None where nothing is stopped.

    What was due meanwhile is made up for where the job says `catch_up: latest`.
    """

    ended: list[Stopped] = []

    def work(connection: Connection) -> Stopped | None:
        require_stack(connection, url, target.name, project_ref)
        found = rows(connection, "operate/start.sql", stack=target.name)
        if not found:
            return None
        ((at, by, reason),) = found
        jobs = rows(connection, "operate/start_jobs.sql", stack=target.name, since=at)
        ended.append(Stopped(by, reason, at, len(jobs)))
        return ended[-1]

    def was_done(connection: Connection) -> Stopped | None:
        # A stop that began at another time is not the one that was ended here: somebody stops it again.
        now = read_stopped(connection, target.name)
        return ended[-1] if ended and (now is None or now.at != ended[-1].at) else None

    return run_locked(url, target.label, work, was_done=was_done, progress=progress)


def read_stopped(connection: Connection, stack: str) -> Stopped | None:
    """Who stopped the stack; None where it is not."""
    found = rows(connection, "queries/stopped.sql", stack=stack)
    return Stopped(found[0][1], found[0][2], found[0][0]) if found else None


def _done(connection: Connection, target: Target, by: str) -> Stopped | None:
    """After a lost connection: whether it was this one that stopped the stack."""
    found = read_stopped(connection, target.name)
    return found if found and found.by == by else None
