"""The changes that a plan consists of, in a text and a JSON form. No change holds a secret's value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from supacron.errors import Problem
from supacron.plan.columns import Records
from supacron.schedule.peak import Peak


class Kind(StrEnum):
    """What a change is about, in the order in which changes are applied."""

    EXTENSION = "extension"
    RUNTIME = "runtime"
    QUEUE = "queue"
    STACK = "stack"
    SECRET = "secret"  # noqa: S105 -- the kind's name
    ALERT = "alert"
    PING = "ping"
    JOB = "job"


class Action(StrEnum):
    """What happens to it, in the order in which a plan lists the changes of one kind."""

    CREATE = "create"
    ADOPT = "adopt"
    RENAME = "rename"
    UPDATE = "update"
    REMOVE = "remove"


SIGNS: Mapping[Action, str] = {
    Action.CREATE: "+",
    Action.ADOPT: ">",
    Action.RENAME: ">",
    Action.UPDATE: "~",
    Action.REMOVE: "-",
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's value before and after."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One object's change. `drift` tells that somebody changed it outside of supacron since the last apply."""

    kind: Kind
    action: Action
    name: str
    fields: tuple[FieldChange, ...] = ()
    note: str = ""
    drift: bool = False

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note else ""
        drift = " [drift]" if self.drift else ""
        return f"{SIGNS[self.action]} {self.kind} {self.name}{note}{drift}"

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": str(self.kind),
            "action": str(self.action),
            "name": self.name,
            "fields": [{"name": field.name, "old": field.old, "new": field.new} for field in self.fields],
            "note": self.note,
            "drift": self.drift,
        }

    def summary(self) -> dict[str, Any]:
        """`to_json` without what is empty: for 10,000 new jobs that is most of it."""
        return {key: value for key, value in self.to_json().items() if value}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an apply would do, what forbids it, and what it leaves alone.

    `windows` says of which jobs nothing is due now, and why. `stopped` says who stopped the stack, when and why; then
    nothing that is applied starts. `collisions` are the worst minutes of the jobs as they will be, where anything
    changes. `lifted` names the limits that would forbid it, and do not this time. `records` are the jobs as they will
    stand in the database.
    """

    stack: str
    changes: tuple[Change, ...] = ()
    refusals: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()
    unmanaged: tuple[str, ...] = ()
    paused: Mapping[str, str] = field(default_factory=dict)
    stopped: str = ""
    collisions: tuple[Peak, ...] = ()
    lifted: tuple[str, ...] = ()
    windows: Mapping[str, str] = field(default_factory=dict)
    records: Records = field(default_factory=Records, repr=False, compare=False)

    @property
    def drift(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.drift)

    def of(self, kind: Kind, *actions: Action) -> tuple[Change, ...]:
        """The changes of one kind, of the actions given (all when none is)."""
        return tuple(
            change for change in self.changes if change.kind is kind and (not actions or change.action in actions)
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "stack": self.stack,
            "changes": [change.to_json() for change in self.changes],
            "refusals": [{"message": problem.message, "remedy": problem.remedy} for problem in self.refusals],
            "warnings": list(self.warnings),
            "unmanaged": list(self.unmanaged),
            "paused": dict(self.paused),
            "windows": dict(self.windows),
            "stopped": self.stopped or None,
            "collisions": [peak.to_json() for peak in self.collisions],
            "lifted": list(self.lifted),
        }
