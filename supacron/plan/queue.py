"""Compares the queue that a stack wants with that of the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from supacron import __version__
from supacron.errors import Problem
from supacron.live.state import LiveState, QueueState
from supacron.model.desired import Desired
from supacron.model.queue import DesiredJobType
from supacron.plan.changes import Action, Change, FieldChange, Kind
from supacron.plan.migrations import migrations
from supacron.plan.runtime_jobs import QUEUE_JOBS, stale_jobs
from supacron.render import queue as installed

QUEUE = "priority_queue"
"""The name of the change that makes, mends, releases or drops the queue as a whole."""
RULES = "rules"
Rules: TypeAlias = Mapping[str, Any]
_TYPES = "job_types"
DROPS_JOBS = "destroy=data"
"""What the ledger calls SUPACRON_DESTROY=data, where a queue goes with the jobs in it."""
_TYPE = "job type "
_WITH_JOBS = "with the jobs in it"


def queue_changes(desired: Desired, live: LiveState, drop_jobs: bool) -> Iterator[Change | Problem]:
    """What is to be done about the queue; a problem where it is another stack's, or where something stands in its way.

    drop_jobs: whether a queue that is no longer wanted goes with the jobs in it.
    """
    here = live.queue
    if desired.queue is None:
        if here is not None and is_ours(desired.stack, here):
            yield from _end(here, drop_jobs)
    elif here is None:
        yield from _obstacles(live)
        yield Change(Kind.QUEUE, Action.CREATE, QUEUE, note=f"version {__version__}")
    elif here.stack != desired.stack and not here.released and here.stack in live.other_stacks:
        yield Problem(
            f"the queue of this database belongs to the stack {here.stack}, and one stack sets a queue's rules",
            f"Take `queue:` out of one of the two. To hand it over: first take it out of {here.stack}, and run "
            "`pulumi up` there; its jobs stay.",
            path="queue",
        )
    else:
        yield from _installation(desired.stack, here)
        yield from _rules(desired.queue.settings, desired.queue.types, here)
        if not here.released:
            yield from map(_stale, stale_queue_jobs(live))


def queue_drift(stack: str, live: LiveState) -> Iterator[Change]:
    """How the queue differs from what the last apply left, found without what is wanted of it."""
    here = live.queue
    if here is None or here.released or not is_ours(stack, here):
        return
    if not here.intact:
        yield _damage()
    settings = {key: value for key, value in here.applied.items() if key != _TYPES}
    yield from _rules(settings, here.applied.get(_TYPES, {}), here)
    for name in stale_queue_jobs(live):
        yield _stale(name)


def drops_jobs(change: Change) -> bool:
    """Whether a queue goes with the jobs in it."""
    return (change.kind, change.action, change.note) == (Kind.QUEUE, Action.REMOVE, _WITH_JOBS)


def is_ours(stack: str, here: QueueState) -> bool:
    """Whether `stack` set the queue up, and nobody took it over since."""
    return here.stack == stack


def stale_queue_jobs(live: LiveState) -> tuple[str, ...]:
    """Which of the queue's cron jobs are not as they should be."""
    return stale_jobs(QUEUE_JOBS, live)


def _end(here: QueueState, drop_jobs: bool) -> Iterator[Change]:
    if not here.holds_jobs or drop_jobs:
        note = _WITH_JOBS if here.holds_jobs else "it is empty"
        yield Change(Kind.QUEUE, Action.REMOVE, QUEUE, note=note)
    elif not here.released:
        note = "it holds jobs, so it stays, without its cron job; SUPACRON_DESTROY=data drops both"
        yield Change(Kind.QUEUE, Action.UPDATE, QUEUE, (FieldChange("stack", here.stack, None),), note=note)


def _obstacles(live: LiveState) -> Iterator[Problem]:
    if not live.queue_obstacles:
        return
    shown = ", ".join(live.queue_obstacles[:10])
    yield Problem(
        f"this database already has {shown}, which supacron did not make",
        "Move it out of the way, as in `alter table public.priority_queue rename to old_queue` (and drop or rename the "
        "functions), run `pulumi up`, and take its jobs over with enqueue_jobs(): see docs/queue.md.",
        path="queue",
    )


def _installation(stack: str, here: QueueState) -> Iterator[Change]:
    fields = (FieldChange("stack", here.stack, stack),) if here.stack != stack else ()
    missing = any(each.number not in here.migrations for each in migrations("queue"))
    if fields or here.released:
        yield Change(Kind.QUEUE, Action.UPDATE, QUEUE, fields, note="taken over, with its jobs")
    elif missing or here.digest != installed.digest():
        note = f"{here.tool_version} to {__version__}" if here.tool_version != __version__ else ""
        yield Change(Kind.QUEUE, Action.UPDATE, QUEUE, note=note)
    elif not here.intact:
        yield _damage()


def _damage() -> Change:
    return Change(Kind.QUEUE, Action.UPDATE, QUEUE, note="functions, view or grants were changed outside", drift=True)


def _stale(name: str) -> Change:
    return Change(Kind.QUEUE, Action.UPDATE, name, note="its cron job was changed outside", drift=True)


def _rules(settings: Rules, types: Mapping[str, Rules], here: QueueState) -> Iterator[Change]:
    """What brings the rules to `settings` and `types`; also where somebody made them so, who is not the last apply."""
    fields, edited = _differences(here.rules, settings), _edited(here.rules, here.applied, settings)
    if fields or edited:
        yield _changed(Action.UPDATE, RULES, fields, drift=edited)
    found: Mapping[str, Rules] = here.rules[_TYPES]
    applied: Mapping[str, Rules] = here.applied.get(_TYPES, {})
    for name, rules in types.items():
        old = found.get(name)
        if old is None:
            fields = _differences(DesiredJobType().model_dump(), rules)
            yield _changed(Action.CREATE, _TYPE + name, fields, drift=name in applied)
            continue
        fields, edited = _differences(old, rules), name not in applied or _edited(old, applied[name], rules)
        if fields or edited:
            yield _changed(Action.UPDATE, _TYPE + name, fields, drift=edited)
    for name in found:
        if name not in types:
            yield _changed(Action.REMOVE, _TYPE + name, (), drift=name not in applied)


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(key, old.get(key), value) for key, value in new.items() if old.get(key) != value)


def _edited(now: Rules, applied: Rules, keys: Iterable[str]) -> bool:
    """Whether a rule is not what was last applied; one that is younger than that was not edited."""
    return any(key in applied and now.get(key) != applied[key] for key in keys)


def _changed(action: Action, name: str, fields: tuple[FieldChange, ...], *, drift: bool) -> Change:
    return Change(Kind.QUEUE, action, name, fields, note="changed outside" if drift else "", drift=drift)
