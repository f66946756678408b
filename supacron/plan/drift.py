"""What somebody changed outside of supacron since the last apply. It needs neither files nor the values of secrets."""

from __future__ import annotations

from collections.abc import Iterator

from supacron.live.state import LiveState
from supacron.plan.alerts import alert_drift
from supacron.plan.changes import Change, Plan
from supacron.plan.jobs import Scheduled, compare, may_run, unmanaged
from supacron.plan.plan import altered_runtime, in_order, pauses, stale_runtime_job_changes
from supacron.plan.queue import queue_drift
from supacron.plan.secrets import secret_drift


def find_drift(stack: str, live: LiveState) -> Plan:
    """A plan of drift alone: how the database differs from what the last apply left."""
    return Plan(
        stack=stack,
        changes=in_order(_everything(stack, live)),
        unmanaged=unmanaged(live),
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
    for name, row in live.secrets.items():
        if change := secret_drift(name, row.vault_name, live):
            yield change
    yield from alert_drift(live)
    scheduled = Scheduled.of(live)
    for name, job in live.jobs.items():
        if job.removed:
            continue
        active = job.applied.enabled and may_run(name, live)
        change = compare(name, job, job.applied, scheduled.by_name.get(name), live, active=active)
        if change and change.drift:
            yield change
