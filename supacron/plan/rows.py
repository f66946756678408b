"""Rows of definitions that somebody deleted or edited in the schema supacron since the last apply."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from supacron.live.state import LiveState, SecretRow, StackRow
from supacron.model.desired import Desired, DesiredSecret
from supacron.plan.changes import Action, Change, FieldChange, Kind
from supacron.plan.record import limits_of


def stack_fields(desired: Desired) -> dict[str, Any]:
    """What the stack's row is to say. Not `program`, which a person may clear."""
    return {
        "project_url": desired.project_url,
        "runs_ms": desired.retention.runs_ms,
        "cron_history_ms": desired.retention.cron_history_ms,
        "on_failover": desired.on_failover,
        "limits": limits_of(desired),
    }


def slot_fields(slot: DesiredSecret) -> dict[str, Any]:
    """What the row of a secret's slot is to say."""
    return {
        "vault_name": slot.vault_name,
        "env": slot.env,
        "description": slot.description,
        "rotate_after_ms": slot.rotate_after_ms,
    }


def stack_edits(live: LiveState) -> tuple[FieldChange, ...]:
    """How the stack's row differs from what the last apply left there."""
    return edits(live.stack, live.remembered.stack) if live.stack and not live.stack.destroyed else ()


def slot_edits(name: str, live: LiveState) -> tuple[FieldChange, ...]:
    """How the row of a slot differs from what the last apply left there."""
    row = live.secrets.get(name)
    return edits(row, live.remembered.secrets.get(name, {})) if row else ()


def edits(row: StackRow | SecretRow, wanted: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """What brings `row` to `wanted`."""
    return differing({key: getattr(row, key) for key in wanted}, wanted)


def differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """The fields of `new` that `old` has otherwise."""
    return tuple(FieldChange(key, old.get(key), value) for key, value in new.items() if old.get(key) != value)


def outside(fields: Iterable[FieldChange]) -> str:
    """What is noted of a change that was made outside; empty where nothing was."""
    names = ", ".join(field.name for field in fields)
    return f"changed outside: {names}" if names else ""


def moves_rows(change: Change) -> bool:
    """Whether rows come or go with it, or one changes that does not keep itself what it is to say."""
    if change.kind in (Kind.ALERT, Kind.PING, Kind.JOB):
        return change.action is not Action.UPDATE
    if change.kind is Kind.SECRET:
        return change.action is not Action.UPDATE or bool(change.fields) or change.drift
    return change.kind is Kind.STACK


def was_deleted(kind: Kind, name: str, live: LiveState) -> bool:
    return (str(kind), name) in live.remembered.deleted


def made_anew(change: Change, live: LiveState) -> Change:
    """`change`, which makes a row, as drift where an apply made that row before."""
    if not was_deleted(change.kind, change.name, live):
        return change
    gone = f"its row in supacron.{change.kind} was deleted outside"
    return replace(change, note=f"{gone}; {change.note}" if change.note else gone, drift=True)


def deleted_rows(live: LiveState, *kinds: Kind) -> Iterator[Change]:
    """The rows of `kinds` that are gone."""
    for kind, name in sorted(live.remembered.deleted):
        if kind in kinds:
            yield made_anew(Change(Kind(kind), Action.CREATE, name), live)


def not_missed(desired: Desired, live: LiveState) -> tuple[str, ...]:
    """What was deleted outside and is wanted no more: there is nothing to make anew, only to forget."""
    wanted: dict[Kind, Collection[str]] = {
        Kind.SECRET: desired.secrets,
        Kind.ALERT: desired.alerts,
        Kind.JOB: desired.jobs,
        Kind.PING: ("ping",) if desired.ping else (),
    }
    return tuple(f"{kind} {name}" for kind, name in sorted(live.remembered.deleted) if name not in wanted[Kind(kind)])
