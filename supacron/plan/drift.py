"""What somebody changed outside of supacron since the last apply. It needs neither files nor the values of secrets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from supacron.live.state import LiveState
from supacron.plan.alerts import alert_drift
from supacron.plan.changes import Action, Change, Kind, Plan
from supacron.plan.jobs import Scheduled, compare, may_run, unmanaged
from supacron.plan.plan import altered_runtime, in_order, pauses, stale_runtime_job_changes
from supacron.plan.queue import queue_drift
from supacron.plan.rows import deleted_rows, outside, stack_edits, was_deleted
from supacron.plan.secrets import slot_drift


def find_drift(stack: str, live: LiveState) -> Plan:
    """A plan of drift alone: how the database differs from what the last apply left."""
    return Plan(
        stack=stack,
        changes=in_order(_everything(stack, live)),
        unmanaged=tuple(name for name in unmanaged(live) if not was_deleted(Kind.JOB, name, live)),
        paused=pauses(live),
        stopped=live.stopped,
    )


def drifted(stack: str, live: LiveState) -> tuple[str, ...]:
    """The same in words, for a gate; nothing where the stack was never applied."""
    if live.stack is None or live.stack.destroyed:
        return ()
    return tuple(f"{stack}: {change.kind} {change.name}" for change in find_drift(stack, live).changes)


def _everything(stack: str, live: LiveState) -> Iterator[Change]:
    yield from altered_runtime(live)
    yield from (change for change in stale_runtime_job_changes(live) if change.drift)
    yield from queue_drift(stack, live)
    if fields := stack_edits(live):
        yield Change(Kind.STACK, Action.UPDATE, stack, fields, note=outside(fields), drift=True)
    for name in live.secrets:
        yield from slot_drift(name, live)
    yield from deleted_rows(live, Kind.SECRET)
    yield from alert_drift(live)
    scheduled = Scheduled.of(live)
    for change in deleted_rows(live, Kind.JOB):
        # Its cron job may still be there: then an apply takes that over.
        found = change.name in scheduled.by_name
        yield replace(change, action=Action.ADOPT) if found else change
    for name, job in live.jobs.items():
        if job.removed:
            continue
        active = job.applied.enabled and may_run(name, live)
        compared = compare(name, job, job.applied, scheduled.by_name.get(name), live, active=active)
        if compared and compared.drift:
            yield compared
