"""One job as the database has it, for the commands that act on a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supacron.errors import SupacronError
from supacron.operate.database import rows
from supacron.schedule import Window
from supacron.validate.findings import did_you_mean

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class OperatedJob:
    """A job of the stack. `schedule` is what was last applied; `jobid` is None while it is not in cron.job.

    `held`: the collector paused it, since this database is not the one that was applied to. `stopped`: its stack is.
    """

    id: int
    jobid: int | None
    schedule: str
    enabled: bool
    http: bool
    url: str | None
    timeout_ms: int | None
    secrets: list[str]
    active: bool
    paused_by: str | None
    paused_reason: str | None
    paused_until: datetime | None
    has_runs: bool
    held: bool = False
    stopped: bool = False
    method: str | None = None
    body: Any = None
    runs_from: str | None = None
    runs_until: str | None = None
    runs_at: str | None = None
    closed: str | None = None
    timezone: str | None = None

    @property
    def window(self) -> Window:
        return Window.read(self.runs_from, self.runs_until, self.runs_at)


def find_job(connection: Connection, stack: str, name: str) -> OperatedJob:
    """The job; raises SupacronError, with the names that exist, when the stack has none of this name."""
    found = rows(connection, "queries/operated_job.sql", stack=stack, job=name)
    if found:
        return OperatedJob(*found[0])
    raise no_such_job(stack, name, [known for (known,) in rows(connection, "queries/job_names.sql", stack=stack)])


def no_such_job(stack: str, name: str, known: list[str]) -> SupacronError:
    """The error for a name that is no job's."""
    shown = f"Its jobs: {', '.join(known[:20])}{', ...' if len(known) > 20 else ''}." if known else "It has no jobs."
    return SupacronError(f"the stack {stack} has no job {name!r}", f"{did_you_mean(name, known)}{shown}")
