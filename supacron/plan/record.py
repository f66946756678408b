"""A job's definition in the form in which the database holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import Any

from supacron.live.state import JobRecord
from supacron.model.desired import Desired, DesiredJob
from supacron.plan.changes import FieldChange
from supacron.plan.columns import FIELDS, Records
from supacron.render.literals import literal
from supacron.schedule import Every, Fields, in_cron, longest_gap, parse
from supacron.schedule.days import either_day

_DERIVED = ("interval_ms", "due", "cron_schedule")
_values = attrgetter(*FIELDS)


def call_command(name: str) -> str:
    """What pg_cron runs for an HTTP job."""
    return f"select supacron.call({literal(name)})"


def sql_command(name: str) -> str:
    """What pg_cron runs for an SQL job that it may start when it is not due."""
    return f"call supacron.run_sql({literal(name)})"


def record_of(name: str, job: DesiredJob) -> JobRecord:
    """`job` as a row of supacron.job."""
    call = job.call
    if call is None:
        guarded = job.timezone is not None
        return JobRecord(
            **_of_any(job),
            command=sql_command(name) if guarded else job.sql or "",
            sql=job.sql if guarded else None,
        )
    return JobRecord(
        **_of_any(job),
        command=call_command(name),
        method=call.method,
        url=call.url,
        headers=call.headers,
        body=call.body,
        timeout_ms=call.timeout_ms,
        auth=[each.model_dump() for each in call.auth] or None,
        retry={**call.retry.model_dump(), "on": list(call.retry.on)} if call.retry else None,
        overlap=call.overlap,
        limits=list(call.limits) or None,
        expect=call.expect,
        parameters=list(call.parameters) or None,
        catch_up=call.catch_up,
        trigger_roles=list(job.trigger_roles) or None,
    )


def _of_any(job: DesiredJob) -> dict[str, Any]:
    """What the row of either kind of job says: who it is, and when it runs."""
    return {
        "schedule": job.schedule,
        "spread_from": job.spread_from,
        "enabled": job.enabled,
        "description": job.description,
        "owner": job.owner,
        "on_failure": job.on_failure,
        "protect": job.protect or None,
        "late_after": job.late_after,
        "interval_ms": None if job.runs_at else interval_ms(job.schedule, job.timezone),
        "runs_from": job.runs_from,
        "runs_until": job.runs_until,
        "runs_at": job.runs_at,
        "due": due(job.schedule, job.timezone),
        "timezone": job.timezone,
        "cron_schedule": cron_schedule(job.schedule, job.timezone),
    }


@lru_cache(maxsize=4096)
def due(schedule: str, timezone: str | None = None) -> dict[str, Any] | None:
    """When the schedule is due, as supacron.job.due has it: a bit for each value of a field. None for seconds."""
    parsed = parse(schedule, timezone)
    line = in_cron(parsed).timing
    if isinstance(line, Every) or isinstance(parsed.timing, Every):
        return None
    if parsed.zone is None:
        return _in_bits(line)
    return {**_in_bits(line), "zone": parsed.zone, "local": _in_bits(parsed.timing)}


def _in_bits(timing: Fields) -> dict[str, int | bool]:
    return {
        "minutes": _bits(timing.minutes),
        "hours": _bits(timing.hours),
        "days": _bits(timing.days),
        "months": _bits(timing.months),
        "weekdays": _bits(timing.weekdays),
        "last_day": timing.last_day,
        "either": either_day(timing),
    }


@lru_cache(maxsize=4096)
def cron_schedule(schedule: str, timezone: str | None) -> str | None:
    """What pg_cron is given in its place; None where that is the schedule itself."""
    return None if timezone is None else in_cron(parse(schedule, timezone)).text


def _bits(values: Iterable[int]) -> int:
    return sum(1 << value for value in values)


@lru_cache(maxsize=4096)
def interval_ms(schedule: str, timezone: str | None = None) -> int:
    """The longest time between two runs, in milliseconds."""
    return longest_gap(parse(schedule, timezone)) * 1000


def records_of(desired: Desired) -> Records:
    return Records({name: record_of(name, job) for name, job in desired.jobs.items()})


def limits_of(desired: Desired) -> dict[str, Any]:
    """The limits as supacron.stack holds them."""
    return {name: limit.model_dump(exclude_none=True) for name, limit in desired.limits.items()}


def differences(old: JobRecord, new: JobRecord) -> tuple[FieldChange, ...]:
    """The fields that differ."""
    return tuple(_differences(old, new))


def differ(old: JobRecord, new: JobRecord) -> bool:
    """Whether a field differs."""
    return next(_differences(old, new), None) is not None


def _differences(old: JobRecord, new: JobRecord) -> Iterator[FieldChange]:
    for name, before, after in zip(FIELDS, _values(old), _values(new), strict=True):
        if before is after or same_json(before, after):
            continue
        # They follow from the schedule and its zone, whose change says it all.
        if name not in _DERIVED or (old.schedule, old.timezone) == (new.schedule, new.timezone):
            yield FieldChange(name, before, after)


def same_json(old: object, new: object) -> bool:
    """Equality as JSON has it: True is not 1."""
    if type(old) is not type(new):
        return not isinstance(old, bool) and not isinstance(new, bool) and old == new
    if old != new:
        return False
    # What is equal to Python may hold True where the other holds 1.
    if isinstance(old, dict) and isinstance(new, dict):
        return all(same_json(value, new[key]) for key, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return all(map(same_json, old, new))
    return True
