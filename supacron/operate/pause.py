"""Stops a job for a while, for the record, and starts it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supacron.apply.transaction import Progress, run_locked
from supacron.errors import Refused
from supacron.live.state import DONE
from supacron.operate.database import require_stack, rows
from supacron.operate.jobs import OperatedJob, find_job
from supacron.operate.target import Target, Usage
from supacron.operate.times import clock, iso
from supacron.render import templates
from supacron.secret import Secret

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Pausing:
    """Who pauses, why, and until when: a moment, or milliseconds from now, or neither (until it is resumed)."""

    by: str
    reason: str
    until: datetime | None = None
    milliseconds: int | None = None


@dataclass(frozen=True, slots=True)
class Paused:
    """A job's pause as it was recorded; `before` is the job as it was."""

    job: str
    by: str
    reason: str
    until: datetime | None
    before: OperatedJob

    def to_json(self) -> dict[str, Any]:
        return {
            "job": self.job,
            "state": "paused",
            "by": self.by,
            "reason": self.reason,
            "until": iso(self.until),
            "was_paused": self.before.paused_by is not None,
        }


@dataclass(frozen=True, slots=True)
class Resumed:
    """A job that is not paused (any more); `before` is the job as it was."""

    job: str
    before: OperatedJob

    @property
    def was_paused(self) -> bool:
        return self.before.paused_by is not None

    @property
    def state(self) -> str:
        """active, disabled (in the YAML), stopped (with its whole stack), ended (its time is over), or inactive:
        somebody switched it off.
        """
        if self.before.closed == DONE:
            return "ended"
        if not self.before.enabled:
            return "disabled"
        if self.before.stopped:
            return "stopped"
        return "active" if self.was_paused or self.before.active else "inactive"

    def to_json(self) -> dict[str, Any]:
        return {"job": self.job, "state": self.state, "was_paused": self.was_paused}


def pause(
    url: Secret, target: Target, job: str, pausing: Pausing, *, project_ref: str | None, progress: Progress
) -> Paused:
    """Records the pause and makes the job inactive, in one transaction; a pause that is there is replaced.

    Raises Usage for an end that is past, Refused for a database of another stack, SupacronError for no such job.
    """

    def work(connection: Connection) -> Paused:
        require_stack(connection, url, target.name, project_ref)
        before = find_job(connection, target.name, job)
        ((until, is_past),) = rows(
            connection,
            "operate/pause.sql",
            job_id=before.id,
            by=pausing.by,
            reason=pausing.reason,
            until=pausing.until,
            milliseconds=pausing.milliseconds,
        )
        if is_past:
            raise Usage(f"{clock(until)} UTC is past", "Give an --until that is still to come.")
        rows(connection, "operate/set_active.sql", jobid=before.jobid, active=False)
        return Paused(job, pausing.by, pausing.reason, until, before)

    return run_locked(url, target.label, work, was_done=_never_known, progress=progress)


def resume(url: Secret, target: Target, job: str, *, project_ref: str | None, progress: Progress) -> Resumed:
    """Ends the pause: the job is active again unless the YAML disables it. A job that is not paused is left alone."""

    def work(connection: Connection) -> Resumed:
        require_stack(connection, url, target.name, project_ref)
        before = find_job(connection, target.name, job)
        if before.held:
            raise Refused(
                f"{job} is held, since {before.paused_reason}",
                f"If its jobs are to run here: `pulumi up --stack {target.stack}`.",
            )
        if before.paused_by is not None:
            connection.execute(templates.sql("operate/resume.sql").encode(), {"job_id": before.id})
            if before.stopped:
                connection.execute(templates.sql("operate/keep_stopped.sql").encode(), {"job_id": before.id})
            else:
                rows(connection, "operate/set_active.sql", jobid=before.jobid, active=before.enabled)
        return Resumed(job, before)

    return run_locked(url, target.label, work, was_done=_never_known, progress=progress)


def _never_known(_: object) -> None:
    """After a lost connection the work is simply done again: twice is the same as once."""
