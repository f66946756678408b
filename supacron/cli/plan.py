"""`supacron plan`: what an apply would change."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supacron.cli.options import chosen, common_options
from supacron.errors import ExitCode

if TYPE_CHECKING:
    from supacron.plan.changes import Change, FieldChange, Plan

STYLES = {"create": "green", "adopt": "cyan", "rename": "cyan", "update": "yellow", "remove": "red"}


@click.command("plan")
@common_options
@click.option("--exit-code", is_flag=True, help="Exit with 6 when there are changes.")
def command(stack: str | None, directory: Path | None, as_json: bool, exit_code: bool) -> None:
    """Compare the stack's files with the live database, which is only read; exit with 4 when an apply is refused."""
    from dataclasses import replace

    from supacron.cli.output import document
    from supacron.cli.progress import say
    from supacron.load.files import load_stack
    from supacron.load.promotion import read_promotion
    from supacron.operate.planning import plan_now
    from supacron.operate.target import database_url

    target = chosen(stack, directory)
    loaded = load_stack(target.directory, target.stack)
    promotion = read_promotion(target.directory)
    plan = plan_now(database_url(target, os.environ), loaded.desired, os.environ, say, promotion)
    allowed = tuple(f"{each.path}: {each.message}" for each in loaded.warnings if "; allowed: " in each.message)
    plan = replace(plan, warnings=(*allowed, *plan.warnings))
    if as_json:
        document(plan.to_json())
    else:
        show_plan(plan)
    if plan.refusals:
        raise click.exceptions.Exit(ExitCode.REFUSED)
    if exit_code and plan.changes:
        raise click.exceptions.Exit(ExitCode.CHANGES)


def show_plan(plan: Plan) -> None:
    from supacron.cli.output import line

    for change in plan.changes:
        _show_change(change)
    for name, why in sorted(plan.paused.items()):
        line(("  paused ", "yellow"), f"{name}: {why}")
    for warning in plan.warnings:
        line(("  warning ", "yellow"), warning)
    if plan.unmanaged:
        line((f"  left alone, made by hand: {', '.join(plan.unmanaged)}", "dim"))
    for problem in plan.refusals:
        path = f"{problem.path}: " if problem.path else ""
        line(("  refused ", "red bold"), f"{path}{problem.message}")
        line(f"    {problem.remedy}")
    line((plan.stack, "bold"), f"  {_summary(plan)}")


def _show_change(change: Change) -> None:
    from supacron.cli.output import line
    from supacron.plan.changes import SIGNS

    style = STYLES[change.action]
    note = f" ({change.note})" if change.note else ""
    line(
        (f"{SIGNS[change.action]} {change.kind} {change.name}", style), note, (" drift" if change.drift else "", "red")
    )
    for field in change.fields:
        line(f"    {field.name}: ", *_sides(field))


def _sides(field: FieldChange) -> tuple[tuple[str, str], ...]:
    old, new = _value(field.name, field.old), _value(field.name, field.new)
    if field.old is None:
        return ((new, "green"),)
    return ((old, "red"), (" -> ", "dim"), (new, "green"))


def _value(name: str, value: Any) -> str:
    import json

    from supacron.model.desired import DesiredAuth
    from supacron.model.units import format_duration

    if value is None:
        return "none"
    if name.endswith("_ms"):
        return format_duration(value)
    if name == "auth":
        return ", ".join(str(DesiredAuth(**each)) for each in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _summary(plan: Plan) -> str:
    if plan.refusals:
        return f"an apply is refused, for {len(plan.refusals)} reason{'' if len(plan.refusals) == 1 else 's'}"
    if not plan.changes:
        return "nothing to change"
    counts: dict[str, int] = {}
    for change in plan.changes:
        counts[change.action] = counts.get(change.action, 0) + 1
    drift = f"; {len(plan.drift)} changed outside" if plan.drift else ""
    return ", ".join(f"{number} to {action}" for action, number in counts.items()) + drift
