"""What one apply may do at most. Each limit that a plan breaks is a refusal, which names what lifts it once. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache

from supacron.errors import Problem
from supacron.live.state import DONE, LiveState
from supacron.model.desired import Desired
from supacron.model.safety import Brake, DesiredSafety
from supacron.model.units import format_duration
from supacron.plan.changes import Action, Change, Kind
from supacron.plan.columns import Records
from supacron.plan.record import differ
from supacron.schedule import Schedule, ScheduleError, interval_estimate, parse
from supacron.schedule.peak import busiest

NAMED = 8
"""So many jobs are named one by one."""


def broken_brakes(
    desired: Desired, live: LiveState, changes: Sequence[Change], records: Records
) -> Iterator[tuple[Brake, Problem]]:
    """Each limit that `changes` break, and a problem that says so."""
    yield from _protected(desired.stack, live, changes)
    yield from _broken(desired, live, changes, records)


def protected_jobs(stack: str, live: LiveState, allow: Collection[str] = ()) -> Iterator[Problem]:
    """A problem for each protected job, all of which a destroy would remove."""
    if Brake.PROTECT in allow:
        return
    for name, row in live.jobs.items():
        if not row.removed and row.applied.protect:
            yield _protection(stack, name, "pulumi destroy")


def _protected(stack: str, live: LiveState, changes: Sequence[Change]) -> Iterator[tuple[Brake, Problem]]:
    for change in changes:
        gone = change.kind is Kind.JOB and change.action is Action.REMOVE
        if gone and live.jobs[change.name].applied.protect:
            yield Brake.PROTECT, _protection(stack, change.name, "pulumi up")


def _protection(stack: str, name: str, command: str) -> Problem:
    return Problem(
        "this job is protected, and would be removed",
        f"{how_to_allow(Brake.PROTECT, stack, command)}; or apply `protect: false` on it first.",
        path=f"jobs.{name}.protect",
    )


def how_to_allow(limit: Brake, stack: str, command: str = "pulumi up") -> str:
    return f"If it is meant, once: SUPACRON_ALLOW={limit} {command} --stack {stack}"


def _broken(
    desired: Desired, live: LiveState, changes: Sequence[Change], records: Records
) -> Iterator[tuple[Brake, Problem]]:
    safety = desired.safety
    if safety is None:
        return
    new = live.stack is None or live.stack.destroyed
    if not new:
        yield from _shares(desired, live, changes, safety, records)
        yield from _history(desired, live, safety)
    yield from _intervals(desired, live, safety)
    yield from _peak(desired, live, safety)


def _shares(
    desired: Desired, live: LiveState, changes: Sequence[Change], safety: DesiredSafety, records: Records
) -> Iterator[tuple[Brake, Problem]]:
    total = sum(not row.removed for row in live.jobs.values())
    removed = [each.name for each in changes if each.kind is Kind.JOB and each.action is Action.REMOVE]
    changed = [
        each.name
        for each in changes
        if each.kind is Kind.JOB
        and (each.action is Action.RENAME or (each.action is Action.UPDATE and _is_new(each.name, live, records)))
    ]
    for limit, names, percent, verb in (
        (Brake.REMOVE, removed, safety.remove_percent, "removed"),
        (Brake.CHANGE, changed, safety.change_percent, "changed"),
    ):
        if percent is not None and len(names) > safety.always and len(names) * 100 > total * percent:
            key = f"{limit}_percent"
            yield (
                limit,
                Problem(
                    f"{len(names):,} of {total:,} jobs would be {verb}, and the limit is {percent} %: {_some(names)}",
                    f"{how_to_allow(limit, desired.stack)}; for good: `safety: {{{key}: ...}}`.",
                    path=f"safety.{key}",
                ),
            )


def _is_new(name: str, live: LiveState, records: Records) -> bool:
    """Whether the definition differs from what was applied: putting right what was changed outside is no change."""
    return differ(live.jobs[name].applied, records[name])


def _history(desired: Desired, live: LiveState, safety: DesiredSafety) -> Iterator[tuple[Brake, Problem]]:
    if not safety.keep_data or live.stack is None:
        return
    for key, old, new in (
        ("runs", live.stack.runs_ms, desired.retention.runs_ms),
        ("cron_history", live.stack.cron_history_ms, desired.retention.cron_history_ms),
    ):
        if new < old:
            what = f"history between {format_duration(new)} and {format_duration(old)} old would be deleted"
            yield (
                Brake.DATA,
                Problem(
                    what,
                    f"{how_to_allow(Brake.DATA, desired.stack)}; for good: `safety: {{keep_data: false}}`.",
                    path=f"retention.{key}",
                ),
            )


def _intervals(desired: Desired, live: LiveState, safety: DesiredSafety) -> Iterator[tuple[Brake, Problem]]:
    if safety.interval_ms is None:
        return
    for name, job in desired.jobs.items():
        row = live.jobs.get(name)
        wanted = (job.schedule, job.timezone)
        if row is not None and not row.removed and (row.applied.schedule, row.applied.timezone) == wanted:
            continue
        seconds = _interval(job.schedule)
        if seconds * 1000 < safety.interval_ms:
            yield (
                Brake.INTERVAL,
                Problem(
                    f"'{job.schedule}' runs every {format_duration(seconds * 1000)}, "
                    f"and the limit is {format_duration(safety.interval_ms)}",
                    f"{how_to_allow(Brake.INTERVAL, desired.stack)}; for good: `safety: {{interval: ...}}`.",
                    path=f"jobs.{name}.schedule",
                ),
            )


def _peak(desired: Desired, live: LiveState, safety: DesiredSafety) -> Iterator[tuple[Brake, Problem]]:
    if safety.per_minute is None:
        return
    peak = busiest(enabled_schedules(desired, live.now), safety.per_minute)
    if peak is None:
        return
    before = busiest(_applied_schedules(live), safety.per_minute)
    if before is not None and len(peak.names) <= len(before.names):
        return  # It is no worse than it was.
    yield (
        Brake.MINUTE,
        Problem(
            f"{len(peak.names):,} jobs would start at {peak}, and the limit is {safety.per_minute:,}: "
            f"{_some(peak.names)}",
            f"Spread them with `H`. {how_to_allow(Brake.MINUTE, desired.stack)}; "
            "for good: `safety: {per_minute: ...}`.",
            path="safety.per_minute",
        ),
    )


def enabled_schedules(desired: Desired, now: datetime | None) -> dict[str, Schedule]:
    """When each job starts that is enabled, and whose time is not over."""
    return {
        name: parse(job.schedule, job.timezone)
        for name, job in desired.jobs.items()
        if job.enabled and not (now is not None and job.window.over(now))
    }


def _applied_schedules(live: LiveState) -> dict[str, Schedule]:
    found = {}
    for name, row in live.jobs.items():
        if not row.removed and row.applied.enabled and row.closed != DONE:
            # What an earlier release took for a schedule is no reason to fail here.
            with suppress(ScheduleError):
                found[name] = parse(row.applied.schedule, row.applied.timezone)
    return found


@cache
def _interval(schedule: str) -> int:
    return interval_estimate(parse(schedule))


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
