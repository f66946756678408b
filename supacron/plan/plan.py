"""What is wanted and what is there, made into a plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

from supacron import __version__
from supacron.errors import Problem
from supacron.live.state import LiveState
from supacron.model.desired import Desired
from supacron.plan.alerts import alert_changes
from supacron.plan.changes import Action, Change, FieldChange, Kind, Plan
from supacron.plan.columns import Records
from supacron.plan.grants import grant_changes
from supacron.plan.guards import guard_values
from supacron.plan.jobs import job_changes, unmanaged
from supacron.plan.migrations import migrations
from supacron.plan.promotion import origin_problems
from supacron.plan.queue import DROPS_JOBS, drops_jobs, queue_changes
from supacron.plan.record import records_of
from supacron.plan.refusals import extension_changes, refusals
from supacron.plan.release import ledger_change
from supacron.plan.rows import edits, not_missed, outside, stack_edits, stack_fields
from supacron.plan.runtime_jobs import RUNTIME_JOBS, stale_jobs
from supacron.plan.safety import broken_brakes, enabled_schedules
from supacron.plan.secrets import Values, secret_changes
from supacron.plan.timezones import zone_problems
from supacron.plan.windows import window_problems, windows
from supacron.render import templates
from supacron.schedule.peak import collisions

IDENTITY = "identity"
"""The name of the change that records which database this is."""
NONE: Mapping[str, str] = MappingProxyType({})
_KINDS = list(Kind)
_ACTIONS = list(Action)


def make_plan(  # noqa: PLR0913 -- each is a fact of its own, and has a name
    desired: Desired,
    live: LiveState,
    values: Values,
    *,
    url_ref: str | None = None,
    check_values: bool = True,
    drop_jobs: bool = False,
    waived: Mapping[str, str] = NONE,
    allow: Collection[str] = (),
    records: Records | None = None,
) -> Plan:
    """The plan for `desired` on a database in the state `live`, with the secret values at hand.

    url_ref: the project that the database URL names, if it names one.
    check_values: whether a needed value that Vault lacks is a refusal (an apply), or unknown (a plan without values).
    drop_jobs: whether a queue that is no longer wanted goes with the jobs in it.
    waived: gates that do not count this time, and why.
    allow: the brakes that are lifted this time.
    records: the jobs as rows, where they were made already.
    """
    records = records_of(desired) if records is None else records
    changes: list[Change] = []
    problems: list[Problem] = []
    warnings: list[str] = []
    for item in (
        *_everything(desired, live, values, url_ref, check_values, drop_jobs),
        *job_changes(desired, live, records),
        *window_problems(desired, live),
        *origin_problems(desired, live, waived),
    ):
        match item:
            case Change():
                changes.append(item)
            case Problem():
                problems.append(item)
            case str():
                warnings.append(item)
    lifted = {DROPS_JOBS} if any(map(drops_jobs, changes)) else set()
    for limit, problem in broken_brakes(desired, live, changes, records):
        if limit in allow:
            lifted.add(str(limit))
            warnings.append(f"{problem.path}: {problem.message}; allowed this once")
        else:
            problems.append(problem)
    if not changes and (recorded := ledger_change(desired, live)):
        changes.append(recorded)
    adopted = {change.name for change in changes if change.action is Action.ADOPT}
    return Plan(
        stack=desired.stack,
        changes=in_order(changes),
        refusals=tuple(problems),
        warnings=tuple(warnings),
        unmanaged=tuple(name for name in unmanaged(live) if name not in adopted),
        paused={name: reason for name, reason in pauses(live).items() if name in desired.jobs},
        stopped=live.stopped,
        windows=windows(desired, live),
        collisions=collisions(enabled_schedules(desired, live.now)) if changes else (),
        lifted=tuple(sorted(lifted)),
        records=records,
    )


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """As they are applied, and by name."""
    return tuple(
        sorted(changes, key=lambda change: (_KINDS.index(change.kind), _ACTIONS.index(change.action), change.name))
    )


def pauses(live: LiveState) -> dict[str, str]:
    """Why each job is paused that a person paused."""
    return {name: f"{pause.reason} ({pause.paused_by})" for name, pause in live.pauses.items() if not pause.automatic}


def _everything(
    desired: Desired, live: LiveState, values: Values, url_ref: str | None, check_values: bool, drop_jobs: bool
) -> Iterator[Change | Problem | str]:
    yield from refusals(desired, live, __version__, url_ref)
    yield from extension_changes(desired, live)
    yield from _runtime_changes(desired, live)
    yield from queue_changes(desired, live, drop_jobs)
    yield from _stack_changes(desired, live)
    yield from secret_changes(desired, live, values, check_values)
    yield from guard_values(desired, live, values)
    yield from alert_changes(desired, live)
    yield from zone_problems(desired, live)


def _runtime_changes(desired: Desired, live: LiveState) -> Iterator[Change]:
    if live.runtime is None:
        if live.migrations:
            yield from altered_runtime(live)
        else:
            yield Change(Kind.RUNTIME, Action.CREATE, "supacron", note=f"version {__version__}")
        return
    missing = [migration.name for migration in migrations() if migration.number not in live.migrations]
    if missing or live.runtime.digest != templates.digest():
        note = f"{live.runtime.tool_version} to {__version__}" if live.runtime.tool_version != __version__ else ""
        yield Change(Kind.RUNTIME, Action.UPDATE, "supacron", note=note)
    else:
        yield from altered_runtime(live)
    yield from grant_changes(desired, live)
    yield from _identity_changes(live)
    yield from stale_runtime_job_changes(live)


def stale_runtime_job_changes(live: LiveState) -> Iterator[Change]:
    # When the last stack was destroyed the runtime's jobs went with it: that is no drift.
    in_use = bool(live.other_stacks) or (live.stack is not None and not live.stack.destroyed)
    for name in stale_runtime_jobs(live):
        note = "its cron job was changed outside" if in_use else "scheduled again"
        yield Change(Kind.RUNTIME, Action.UPDATE, name, note=note, drift=in_use)


def altered_runtime(live: LiveState) -> Iterator[Change]:
    """Where functions, views or grants are not as they were installed."""
    if live.runtime is None and live.migrations:
        note = "its row in supacron.runtime was deleted outside"
        yield Change(Kind.RUNTIME, Action.CREATE, "supacron", note=note, drift=True)
    if live.runtime is not None and not live.intact:
        what = ", ".join(live.altered) or "functions or grants"
        note = f"changed outside: {what}" if live.altered else f"{what} were changed outside"
        yield Change(Kind.RUNTIME, Action.UPDATE, "supacron", note=note, drift=True)


def _identity_changes(live: LiveState) -> Iterator[Change]:
    """Where this is not the database that was applied to: an apply says that its jobs are to run here."""
    runtime, here = live.runtime, live.capabilities
    if runtime is None:
        return
    others = ", ".join(sorted(live.other_stacks))
    too = f"; those of {others} do, too" if others else ""
    if runtime.system_identifier != here.system_identifier:
        changed = FieldChange("system_identifier", runtime.system_identifier, here.system_identifier)
        note = f"this database is a copy of the one that was applied; from now on its jobs run here{too}"
    elif runtime.timeline != here.timeline:
        changed = FieldChange("timeline", runtime.timeline, here.timeline)
        note = f"a failover, or a physical restore; from now on this is where its jobs run{too}"
    else:
        return
    yield Change(Kind.RUNTIME, Action.UPDATE, IDENTITY, (changed,), note=note)


def stale_runtime_jobs(live: LiveState) -> tuple[str, ...]:
    """Which of the runtime's own cron jobs are not as they should be."""
    return stale_jobs(RUNTIME_JOBS, live)


def _stack_changes(desired: Desired, live: LiveState) -> Iterator[Change]:
    row, wanted = live.stack, stack_fields(desired)
    if row is None or row.destroyed:
        yield Change(Kind.STACK, Action.CREATE, desired.stack)
        return
    if desired.program is not None:
        wanted["program"] = desired.program
    fields, notes = edits(row, wanted), [outside(stack_edits(live))]
    if gone := not_missed(desired, live):
        notes.append(f"deleted outside, and wanted no more: {', '.join(gone)}")
    note = "; ".join(filter(None, notes))
    if fields or note:
        yield Change(Kind.STACK, Action.UPDATE, desired.stack, fields, note=note, drift=bool(note))
