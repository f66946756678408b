"""What one apply may do at most. Each limit that a plan breaks is a refusal, which names what lifts it once. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from functools import cache

from supacron.errors import Problem
from supacron.live.state import LiveState
from supacron.model.desired import Desired
from supacron.model.limits import Limit, Limits
from supacron.model.units import format_duration
from supacron.plan.changes import Action, Change, Kind
from supacron.plan.record import record_of, same_json
from supacron.schedule import Schedule, ScheduleError, interval_estimate, parse
from supacron.schedule.peak import busiest

NAMED = 8
"""So many jobs are named one by one."""


def limit_problems(
    desired: Desired, live: LiveState, changes: Sequence[Change], allow: Collection[str] = ()
) -> Iterator[Problem | str]:
    """A problem for each limit that `changes` break; a warning for each that `allow` lifts for this once."""
    for limit, problem in (*_protected(desired.stack, live, changes), *_broken(desired, live, changes)):
        if limit in allow:
            yield f"{problem.path}: {problem.message}; allowed this once"
        else:
            yield problem


def protected_jobs(stack: str, live: LiveState, allow: Collection[str] = ()) -> Iterator[Problem]:
    """A problem for each protected job, all of which a destroy would remove."""
    if Limit.PROTECT in allow:
        return
    for name, row in live.jobs.items():
        if not row.removed and row.applied.protect:
            yield _protection(stack, name, "pulumi destroy")


def _protected(stack: str, live: LiveState, changes: Sequence[Change]) -> Iterator[tuple[Limit, Problem]]:
    for change in changes:
        gone = change.kind is Kind.JOB and change.action is Action.REMOVE
        if gone and live.jobs[change.name].applied.protect:
            yield Limit.PROTECT, _protection(stack, change.name, "pulumi up")


def _protection(stack: str, name: str, command: str) -> Problem:
    return Problem(
        "this job is protected, and would be removed",
        f"{how_to_allow(Limit.PROTECT, stack, command)}; or apply `protect: false` on it first.",
        path=f"jobs.{name}.protect",
    )


def how_to_allow(limit: Limit, stack: str, command: str = "pulumi up") -> str:
    return f"If it is meant, once: SUPACRON_ALLOW={limit} {command} --stack {stack}"


def _broken(desired: Desired, live: LiveState, changes: Sequence[Change]) -> Iterator[tuple[Limit, Problem]]:
    limits = desired.limits
    if limits is None:
        return
    new = live.stack is None or live.stack.destroyed
    if not new:
        yield from _shares(desired, live, changes, limits)
        yield from _history(desired, live, limits)
    yield from _intervals(desired, live, limits)
    yield from _peak(desired, live, limits)


def _shares(
    desired: Desired, live: LiveState, changes: Sequence[Change], limits: Limits
) -> Iterator[tuple[Limit, Problem]]:
    total = sum(not row.removed for row in live.jobs.values())
    removed = [each.name for each in changes if each.kind is Kind.JOB and each.action is Action.REMOVE]
    changed = [
        each.name
        for each in changes
        if each.kind is Kind.JOB
        and (each.action is Action.RENAME or (each.action is Action.UPDATE and _is_new(each.name, desired, live)))
    ]
    for limit, names, percent, verb in (
        (Limit.REMOVE, removed, limits.remove_percent, "removed"),
        (Limit.CHANGE, changed, limits.change_percent, "changed"),
    ):
        if percent is not None and len(names) > limits.always and len(names) * 100 > total * percent:
            key = f"{limit}_percent"
            yield (
                limit,
                Problem(
                    f"{len(names):,} of {total:,} jobs would be {verb}, and the limit is {percent} %: {_some(names)}",
                    f"{how_to_allow(limit, desired.stack)}; for good: `limits: {{{key}: ...}}`.",
                    path=f"limits.{key}",
                ),
            )


def _is_new(name: str, desired: Desired, live: LiveState) -> bool:
    """Whether the definition differs from what was applied: putting right what was changed outside is no change."""
    return not same_json(live.jobs[name].applied, record_of(name, desired.jobs[name]))


def _history(desired: Desired, live: LiveState, limits: Limits) -> Iterator[tuple[Limit, Problem]]:
    if not limits.keep_data or live.stack is None:
        return
    for key, old, new in (
        ("runs", live.stack.runs_ms, desired.retention.runs_ms),
        ("cron_history", live.stack.cron_history_ms, desired.retention.cron_history_ms),
    ):
        if new < old:
            what = f"history between {format_duration(new)} and {format_duration(old)} old would be deleted"
            yield (
                Limit.DATA,
                Problem(
                    what,
                    f"{how_to_allow(Limit.DATA, desired.stack)}; for good: `limits: {{keep_data: false}}`.",
                    path=f"retention.{key}",
                ),
            )


def _intervals(desired: Desired, live: LiveState, limits: Limits) -> Iterator[tuple[Limit, Problem]]:
    if limits.interval is None:
        return
    for name, job in desired.jobs.items():
        row = live.jobs.get(name)
        if row is not None and not row.removed and row.applied.schedule == job.schedule:
            continue
        seconds = _interval(job.schedule)
        if seconds * 1000 < limits.interval:
            yield (
                Limit.INTERVAL,
                Problem(
                    f"'{job.schedule}' runs every {format_duration(seconds * 1000)}, "
                    f"and the limit is {format_duration(limits.interval)}",
                    f"{how_to_allow(Limit.INTERVAL, desired.stack)}; for good: `limits: {{interval: ...}}`.",
                    path=f"jobs.{name}.schedule",
                ),
            )


def _peak(desired: Desired, live: LiveState, limits: Limits) -> Iterator[tuple[Limit, Problem]]:
    if limits.per_minute is None:
        return
    wanted = {name: _parsed(job.schedule) for name, job in desired.jobs.items() if job.enabled}
    peak = busiest(wanted, limits.per_minute)
    if peak is None:
        return
    before = busiest(_applied_schedules(live), limits.per_minute)
    if before is not None and len(peak.names) <= len(before.names):
        return  # It is no worse than it was.
    yield (
        Limit.MINUTE,
        Problem(
            f"{len(peak.names):,} jobs would start at {peak}, and the limit is {limits.per_minute:,}: "
            f"{_some(peak.names)}",
            f"Spread them. {how_to_allow(Limit.MINUTE, desired.stack)}; for good: `limits: {{per_minute: ...}}`.",
            path="limits.per_minute",
        ),
    )


def _applied_schedules(live: LiveState) -> dict[str, Schedule]:
    found = {}
    for name, row in live.jobs.items():
        if not row.removed and row.applied.enabled:
            # What an earlier release took for a schedule is no reason to fail here.
            with suppress(ScheduleError):
                found[name] = _parsed(row.applied.schedule)
    return found


@cache
def _parsed(schedule: str) -> Schedule:
    return parse(schedule)


@cache
def _interval(schedule: str) -> int:
    return interval_estimate(_parsed(schedule))


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
