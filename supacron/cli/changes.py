"""How `plan` and `drift` show changes: text, Markdown, or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from supacron.cli.output import document, lines
from supacron.plan.changes import SIGNS
from supacron.plan.report import drift_first, markdown, summary, value_text
from supacron.schedule.peak import SPREAD_HINT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supacron.cli.output import Part
    from supacron.plan.changes import Change, FieldChange, Plan

STYLES = {"create": "green", "adopt": "cyan", "rename": "cyan", "update": "yellow", "remove": "red"}


def show(plan: Plan, form: str, title: str = "plan") -> None:
    """Prints `plan` as text, markdown or json."""
    if form == "json":
        document(plan.to_json())
    elif form == "markdown":
        click.echo(markdown(plan, title), nl=False)
    else:
        lines(_text(plan, title))


def _text(plan: Plan, title: str) -> Iterator[tuple[Part, ...]]:
    for change in drift_first(plan):
        yield from _change(change)
    if plan.stopped:
        yield (
            ("  stopped ", "red bold"),
            f"{plan.stopped.removeprefix('stopped ')}; nothing starts until `supacron start`",
        )
    for name, why in sorted(plan.paused.items()):
        yield ("  paused ", "yellow"), f"{name}: {why}"
    for name, why in sorted(plan.windows.items()):
        yield ("  not due now ", "dim"), f"{name}: {why}"
    for warning in plan.warnings:
        yield ("  warning ", "yellow"), warning
    for peak in plan.collisions:
        yield ("  together ", "yellow"), peak.words
    if plan.collisions:
        yield ((f"    {SPREAD_HINT}", "dim"),)
    if plan.unmanaged:
        yield ((f"  left alone, made by hand: {', '.join(plan.unmanaged)}", "dim"),)
    for problem in plan.refusals:
        path = f"{problem.path}: " if problem.path else ""
        yield ("  refused ", "red bold"), f"{path}{problem.message}"
        yield (f"    {problem.remedy}",)
    nothing = title == "drift" and not plan.changes
    yield (plan.stack, "bold"), f"  {'nothing was changed outside' if nothing else summary(plan)}"


def _change(change: Change) -> Iterator[tuple[Part, ...]]:
    note = f" ({change.note})" if change.note else ""
    head = f"{SIGNS[change.action]} {change.kind} {change.name}"
    yield (head, STYLES[change.action]), note, (" drift" if change.drift else "", "red")
    for field in change.fields:
        yield (f"    {field.name}: ", *_sides(field))


def _sides(field: FieldChange) -> tuple[Part, ...]:
    old, new = value_text(field.name, field.old), value_text(field.name, field.new)
    if field.old is None:
        return ((new, "green"),)
    return ((old, "red"), (" -> ", "dim"), (new, "green"))
