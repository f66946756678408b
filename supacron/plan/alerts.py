"""Compares the alerts, and the ping, that are wanted with those in the database, and makes the steps between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from supacron.live.state import Definition, LiveState
from supacron.model.alerts import DesiredAlert, DesiredPing
from supacron.model.desired import Desired
from supacron.plan.changes import Action, Change, FieldChange, Kind, Plan
from supacron.plan.rows import deleted_rows, differing, made_anew, outside
from supacron.plan.step import Step, step
from supacron.render import templates

PING = "ping"
"""The name of the one ping of a stack."""
_SHOWN = {Kind.ALERT: ("kind", "condition", "webhook"), Kind.PING: ("secret", "every_ms")}
"""What a plan says of a new one."""


def alert_changes(desired: Desired, live: LiveState) -> Iterator[Change]:
    """A change for each alert that differs, and for the ping."""
    yield from _changes(Kind.ALERT, desired.alerts, live.alerts, live)
    pings = {PING: live.ping} if live.ping else {}
    yield from _changes(Kind.PING, {PING: desired.ping} if desired.ping else {}, pings, live)


def alert_drift(live: LiveState) -> Iterator[Change]:
    """The alerts, and the ping, whose definitions somebody changed or deleted since the last apply."""
    yield from _drift(Kind.ALERT, live.alerts)
    yield from _drift(Kind.PING, {PING: live.ping} if live.ping else {})
    yield from deleted_rows(live, Kind.ALERT, Kind.PING)


def alert_steps(plan: Plan, desired: Desired) -> Iterator[Step]:
    """Before a secret goes that is a webhook's: an alert that is open is told to end."""
    stack = desired.stack
    if gone := [change.name for change in plan.of(Kind.ALERT, Action.REMOVE)]:
        yield step("end alerts", templates.render("stack/retire_alerts.sql.j2", stack=stack, names=gone))
    if changed := plan.of(Kind.ALERT, Action.CREATE, Action.UPDATE):
        rows = [(change.name, desired.alerts[change.name]) for change in changed]
        yield step("define alerts", templates.render("stack/upsert_alerts.sql.j2", stack=stack, alerts=rows))
    if plan.of(Kind.PING, Action.REMOVE):
        yield step("end the ping", templates.render("stack/delete_ping.sql.j2", stack=stack))
    if plan.of(Kind.PING, Action.CREATE, Action.UPDATE):
        yield step("define the ping", templates.render("stack/upsert_ping.sql.j2", stack=stack, ping=desired.ping))


def _changes(
    kind: Kind,
    wanted: Mapping[str, DesiredAlert] | Mapping[str, DesiredPing],
    found: Mapping[str, Definition],
    live: LiveState,
) -> Iterator[Change]:
    for name, definition in wanted.items():
        row, fields = found.get(name), definition.model_dump()
        if row is None:
            shown = tuple(FieldChange(key, None, fields[key]) for key in _SHOWN[kind])
            yield made_anew(Change(kind, Action.CREATE, name, shown), live)
        elif (changed := differing(row.fields, fields)) or differing(row.fields, row.applied):
            yield _update(kind, name, changed, row)
    for name in found:
        if name not in wanted:
            yield Change(kind, Action.REMOVE, name)


def _drift(kind: Kind, found: Mapping[str, Definition]) -> Iterator[Change]:
    for name, row in found.items():
        if fields := differing(row.fields, row.applied):
            yield _update(kind, name, fields, row)


def _update(kind: Kind, name: str, changed: tuple[FieldChange, ...], row: Definition) -> Change:
    note = outside(differing(row.fields, row.applied))
    return Change(kind, Action.UPDATE, name, changed, note=note, drift=bool(note))
