"""A plan in words: the lines that a terminal, a preview and a pull request show. No secret value is in a plan."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from supacron.errors import Problem
from supacron.model.desired import DesiredAuth
from supacron.model.units import format_duration
from supacron.plan.changes import SIGNS, Change, FieldChange, Plan
from supacron.schedule.peak import SPREAD_HINT

SHOWN_IN_MARKDOWN: Final = 100
_LONGEST: Final = 300
"""A pull request's comment takes 65,536 characters; the whole plan is in `--format json`."""


def drift_first(plan: Plan) -> tuple[Change, ...]:
    """The changes as they are shown: what somebody changed outside comes first."""
    return (*plan.drift, *(change for change in plan.changes if not change.drift))


def value_text(name: str, value: Any) -> str:
    """A field's value on one line; durations with their unit."""
    if value is None:
        return "none"
    if name.endswith("_ms"):
        return format_duration(value)
    if name == "auth":
        return ", ".join(str(DesiredAuth(**each)) for each in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def field_text(field: FieldChange) -> str:
    """`schedule: old -> new`; only the new value where there was none."""
    new = value_text(field.name, field.new)
    return (
        f"{field.name}: {new}" if field.old is None else f"{field.name}: {value_text(field.name, field.old)} -> {new}"
    )


def summary(plan: Plan) -> str:
    """The plan in one line."""
    if plan.refusals:
        return f"an apply is refused, for {len(plan.refusals)} reason{'' if len(plan.refusals) == 1 else 's'}"
    if not plan.changes:
        return "nothing to change"
    counts: dict[str, int] = {}
    for change in plan.changes:
        counts[change.action] = counts.get(change.action, 0) + 1
    drift = f"; {len(plan.drift)} changed outside" if plan.drift else ""
    return ", ".join(f"{number:,} to {action}" for action, number in counts.items()) + drift


def markdown(plan: Plan, title: str = "plan") -> str:
    """For a comment on a pull request. Whatever comes from a file or a database stands in code spans, inert."""
    return "\n".join(_markdown(plan, title)) + "\n"


def _markdown(plan: Plan, title: str) -> Iterator[str]:
    yield f"### supacron {title}: {_code(plan.stack)}"
    yield ""
    yield f"**{summary(plan)}**"
    if plan.stopped:
        yield from ("", f"The stack is {_code(plan.stopped)}: nothing starts until `supacron start`.")
    rest = [change for change in plan.changes if not change.drift]
    yield from _section("Refused", map(_refusal, plan.refusals))
    yield from _changes("Changed outside, to be repaired", plan.drift)
    yield from _changes("To be changed", rest)
    yield from _section("Paused", (_code(f"{name}: {why}") for name, why in sorted(plan.paused.items())))
    yield from _section("Not due now", (_code(f"{name}: {why}") for name, why in sorted(plan.windows.items())))
    yield from _section("Warnings", map(_code, plan.warnings))
    if plan.collisions:
        yield from _section("Jobs that start in the same minute", (_code(peak.words) for peak in plan.collisions))
        yield from ("", SPREAD_HINT)
    yield from _section("Left alone, made by hand", map(_code, plan.unmanaged))


def _section(title: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"- {item}" for item in items]
    if lines:
        yield from ("", f"#### {title}", "", *_cut(lines))


def _changes(title: str, changes: Sequence[Change]) -> Iterator[str]:
    yield from _section(title, map(_change, changes))


def _refusal(problem: Problem) -> str:
    path = f"{problem.path}: " if problem.path else ""
    return f"{_code(path + problem.message)}\n  - {_code(problem.remedy)}"


def _change(change: Change) -> str:
    note = f" {_code(change.note)}" if change.note else ""
    fields = "".join(f"\n  - {_code(field_text(field))}" for field in change.fields)
    return f"`{SIGNS[change.action]}` {change.kind} {_code(change.name)}{note}{fields}"


def _cut(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:SHOWN_IN_MARKDOWN]
    if len(lines) > SHOWN_IN_MARKDOWN:
        yield f"- and {len(lines) - SHOWN_IN_MARKDOWN:,} more"


def _code(text: str) -> str:
    """`text` as a code span, which no backtick or line end in it can leave."""
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    if not line:
        return "`(empty)`"
    if len(line) > _LONGEST:
        line = f"{line[:_LONGEST]} ..."
    fence = "`" * (max((len(run) for run in re.findall(r"`+", line)), default=0) + 1)
    return f"`{line}`" if fence == "`" else f"{fence} {line} {fence}"
