"""A job's definition in the form in which the database holds it."""

from __future__ import annotations

from dataclasses import fields

from supacron.live.state import JobRecord
from supacron.model.desired import Desired, DesiredJob
from supacron.plan.changes import FieldChange
from supacron.render.literals import literal

FIELDS = tuple(field.name for field in fields(JobRecord))


def record_of(name: str, job: DesiredJob) -> JobRecord:
    """`job` as a row of supacron.job."""
    if job.call is None:
        return JobRecord(
            schedule=job.schedule,
            command=job.sql or "",
            enabled=job.enabled,
            description=job.description,
            owner=job.owner,
        )
    call = job.call
    return JobRecord(
        schedule=job.schedule,
        command=f"select supacron.call({literal(name)})",
        enabled=job.enabled,
        method=call.method,
        url=call.url,
        headers=call.headers,
        body=call.body,
        timeout_ms=call.timeout_ms,
        auth=[each.model_dump() for each in call.auth] or None,
        description=job.description,
        owner=job.owner,
    )


def records_of(desired: Desired) -> dict[str, JobRecord]:
    return {name: record_of(name, job) for name, job in desired.jobs.items()}


def differences(old: JobRecord, new: JobRecord) -> tuple[FieldChange, ...]:
    """The fields that differ."""
    if old == new:
        return ()
    return tuple(
        FieldChange(name, getattr(old, name), getattr(new, name))
        for name in FIELDS
        if not same_json(getattr(old, name), getattr(new, name))
    )


def same_json(old: object, new: object) -> bool:
    """Equality as JSON has it: True is not 1."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same_json(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same_json, old, new))
    return isinstance(old, bool) == isinstance(new, bool) and old == new
