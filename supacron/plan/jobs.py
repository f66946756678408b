"""Compares the jobs that are wanted with those in supacron.job and cron.job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from supacron.errors import Problem
from supacron.live.state import DONE, WAITING, CronJob, JobRecord, JobRow, LiveState
from supacron.model.desired import Desired, DesiredJob
from supacron.plan.changes import Action, Change, FieldChange, Kind
from supacron.plan.columns import Records
from supacron.plan.record import call_command, differences
from supacron.plan.rows import made_anew, was_deleted
from supacron.plan.runtime_jobs import OWN_JOBS
from supacron.plan.windows import COLUMNS, RESTING
from supacron.schedule import describe, parse


@dataclass(frozen=True, slots=True)
class Scheduled:
    """cron.job as two look-ups: by jobid, and by name among our own."""

    by_id: dict[int, CronJob]
    by_name: dict[str, CronJob]
    others: dict[str, CronJob]

    @classmethod
    def of(cls, live: LiveState) -> Scheduled:
        user = live.capabilities.user
        return cls(
            by_id={job.jobid: job for job in live.cron},
            by_name={job.name: job for job in live.cron if job.name and job.username == user},
            others={job.name: job for job in live.cron if job.name and job.username != user},
        )


def job_changes(desired: Desired, live: LiveState, records: Records) -> Iterator[Change | Problem]:
    """A change for each job that differs, and a problem for each name that is not ours to take."""
    scheduled = Scheduled.of(live)
    renamed = {job.renamed_from for name, job in desired.jobs.items() if renames(name, job, live)}
    for name, job in desired.jobs.items():
        if problem := _conflict(name, job, live, scheduled):
            yield problem
        elif renames(name, job, live):
            yield _rename(name, job, live, records[name])
        else:
            yield from _job_change(name, job, live, scheduled, records[name])
    for name, row in live.jobs.items():
        if not row.removed and name not in desired.jobs and name not in renamed:
            yield Change(Kind.JOB, Action.REMOVE, name, note=f"jobid {row.jobid}")


def renames(name: str, job: DesiredJob, live: LiveState) -> bool:
    """Whether `job` takes over, under a new name, the history of one that still has the old name."""
    if job.renamed_from is None:
        return False
    old, new = live.jobs.get(job.renamed_from), live.jobs.get(name)
    return old is not None and not old.removed and (new is None or new.removed)


def wanted_active(name: str, job: DesiredJob, live: LiveState) -> bool:
    """`enabled`, unless somebody paused the job or stopped the stack."""
    former = job.renamed_from if renames(name, job, live) else name
    return job.enabled and may_run(former, live)


def may_run(name: str | None, live: LiveState) -> bool:
    """Whether neither the job is paused nor its stack stopped."""
    return not paused(name, live) and not live.stopped


def paused(name: str | None, live: LiveState) -> bool:
    """Whether a person paused the job; an apply ends what the collector paused in a copy of the database."""
    pause = live.pauses.get(name or "")
    return pause is not None and not pause.automatic


def unmanaged(live: LiveState) -> tuple[str, ...]:
    """The cron jobs that no stack owns."""
    owned = {row.jobid for row in live.jobs.values()}
    return tuple(
        job.name or f"(jobid {job.jobid}, without a name)"
        for job in live.cron
        if job.jobid not in owned and job.name not in live.foreign_jobs and job.name not in OWN_JOBS
    )


def _live_row(name: str, live: LiveState) -> JobRow | None:
    row = live.jobs.get(name)
    return row if row and not row.removed else None


def _conflict(name: str, job: DesiredJob, live: LiveState, scheduled: Scheduled) -> Problem | None:
    if owner := live.foreign_jobs.get(name):
        return Problem(
            f"this database already has a job of that name, which belongs to the stack {owner}",
            "Give one of the two another name: cron.job has one job a name.",
            path=f"jobs.{name}",
        )
    if other := scheduled.others.get(name):
        return Problem(
            f"cron.job has a job of that name (jobid {other.jobid}) that belongs to the role {other.username}",
            f"Unschedule it as {other.username}, or give this one another name.",
            path=f"jobs.{name}",
        )
    found = scheduled.by_name.get(name)
    if found and _live_row(name, live) is None and not job.adopt and not _is_ours(name, found, live):
        return Problem(
            f"cron.job has a job of that name (jobid {found.jobid}) that supacron did not make",
            "To take it over in place (same jobid, history kept) set `adopt: true` on the job; to keep both, "
            "give this one another name.",
            path=f"jobs.{name}",
        )
    return None


def _is_ours(name: str, found: CronJob, live: LiveState) -> bool:
    """Whether an apply made the job, and its row of supacron.job was deleted outside."""
    return was_deleted(Kind.JOB, name, live) or found.command == call_command(name)


def _rename(name: str, job: DesiredJob, live: LiveState, record: JobRecord) -> Change:
    row = live.jobs[job.renamed_from or name]
    return Change(
        Kind.JOB,
        Action.RENAME,
        name,
        (FieldChange("name", job.renamed_from, name), *differences(row.record, record)),
        note="a new jobid; the recorded runs stay with it",
    )


def _job_change(
    name: str, job: DesiredJob, live: LiveState, scheduled: Scheduled, record: JobRecord
) -> Iterator[Change]:
    active = wanted_active(name, job, live)
    found = scheduled.by_name.get(name)
    row = _live_row(name, live)
    if row is not None:
        if change := compare(name, row, record, found, live, active=active):
            yield change
    elif found is None:
        created = Change(Kind.JOB, Action.CREATE, name, _created(record, active), note=_local_times(record))
        yield made_anew(created, live)
    else:
        drift = was_deleted(Kind.JOB, name, live) or (not job.adopt and _is_ours(name, found, live))
        seen = (
            FieldChange("schedule", found.schedule, record.line),
            FieldChange("active", found.active, active),
        )
        note = f"jobid {found.jobid} stays"
        if drift:
            note = f"its row in supacron.job was deleted outside; {note}"
        fields = tuple(each for each in seen if each.old != each.new)
        yield Change(Kind.JOB, Action.ADOPT, name, fields, note=note, drift=drift)


def compare(
    name: str, row: JobRow, record: JobRecord, found: CronJob | None, live: LiveState, *, active: bool
) -> Change | None:
    """What brings a job that was applied to `record`; None when it is so. `found` is its row of cron.job."""
    changed = differences(row.applied, record)
    edited = tuple(FieldChange(key, getattr(row.record, key), getattr(record, key)) for key in row.edited)
    if found is None and row.closed == DONE:
        return _over(name, _joined(changed, edited), drift=bool(edited))
    if found is None:
        fields = _joined(changed, edited)
        return Change(Kind.JOB, Action.CREATE, name, fields, note="it was deleted outside", drift=True)
    outside = _in_cron(name, row, found, live)
    if not (changed or edited or outside):
        return None
    # What the collector paused in a copy of the database nobody changed outside.
    pause = live.pauses.get(name)
    held = pause is not None and pause.automatic and [field.name for field in outside] == ["active"] and not edited
    names = [*(f"supacron.job.{field.name}" for field in edited), *(field.name for field in outside)]
    note = "changed outside: " + ", ".join(names) if names else ""
    if any(field.name in ("schedule", "timezone") for field in changed):
        note = "; ".join(filter(None, (_local_times(record), note)))
    there = {"schedule": record.line, "command": record.command}
    wanted = tuple(FieldChange(field.name, field.old, there.get(field.name, active)) for field in outside)
    return Change(
        Kind.JOB,
        Action.UPDATE,
        name,
        _joined(changed, edited, tuple(field for field in wanted if field.name != "jobid")),
        note="was held here" if held else note,
        drift=bool(names) and not held,
    )


def _over(name: str, fields: tuple[FieldChange, ...], *, drift: bool) -> Change | None:
    """What changes of a job that unscheduled itself when its time was over."""
    if not fields:
        return None
    if any(field.name in COLUMNS for field in fields):
        return Change(Kind.JOB, Action.CREATE, name, fields, "its time was over: it is scheduled again", drift)
    return Change(Kind.JOB, Action.UPDATE, name, fields, "its time is over: it stays unscheduled", drift)


def _joined(*parts: tuple[FieldChange, ...]) -> tuple[FieldChange, ...]:
    """The fields of all, each once."""
    first: dict[str, FieldChange] = {}
    for part in parts:
        for field in part:
            first.setdefault(field.name, field)
    return tuple(first.values())


def _local_times(record: JobRecord) -> str:
    """The times of a schedule in a time zone, in words; of one in UTC the schedule itself says them."""
    return describe(parse(record.schedule, record.timezone)) if record.timezone is not None else ""


def _created(record: JobRecord, active: bool) -> tuple[FieldChange, ...]:
    optional = (FieldChange(column, None, getattr(record, column)) for column in ("timezone", "spread_from", *COLUMNS))
    fields = [FieldChange("schedule", None, record.schedule), *(each for each in optional if each.new is not None)]
    if not active:
        fields.append(FieldChange("active", None, active))
    return tuple(fields)


def _in_cron(name: str, row: JobRow, found: CronJob, live: LiveState) -> tuple[FieldChange, ...]:
    """How cron.job differs from what was last applied. Of a job that is done the runtime takes it out."""
    applied = row.applied
    if row.closed == DONE:
        return ()
    schedule = RESTING if row.closed == WAITING else applied.line
    candidates = (
        FieldChange("schedule", found.schedule, schedule),
        FieldChange("command", found.command, applied.command),
        FieldChange("active", found.active, applied.enabled and may_run(name, live)),
        FieldChange("jobid", found.jobid, row.jobid),
    )
    return tuple(field for field in candidates if field.old != field.new)
