"""`supacron apply`: what the Pulumi command runs. Definitions on standard input, secrets in the environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from supacron.cli.options import allow_option
from supacron.cli.progress import SlowSteps

if TYPE_CHECKING:
    from supacron.plan.changes import Plan


@click.command("apply")
@click.option("--lock-wait", type=float, default=120, show_default=True, help="Seconds to wait for another apply.")
@allow_option
def command(lock_wait: float, allow: tuple[str, ...]) -> None:
    """Apply the definitions on standard input to the stack's database."""
    from supacron import __version__
    from supacron.apply.apply import PlanRefused, apply
    from supacron.model.desired import Desired
    from supacron.operate.environment import (
        allowed,
        check_release,
        command_database_url,
        drops_data,
        repair_counter,
        secret_values,
    )
    from supacron.operate.provenance import provenance_of

    check_release(os.environ, __version__)
    desired = Desired.from_json(sys.stdin.read())
    values = secret_values(desired, os.environ)
    lifted = allowed(os.environ, allow)
    try:
        with SlowSteps() as progress:
            outcome = apply(
                command_database_url(os.environ),
                desired,
                values,
                progress=progress,
                repair=repair_counter(os.environ),
                drop_jobs=drops_data(os.environ),
                allow=lifted,
                provenance=provenance_of(desired.source, Path.cwd(), os.environ),
                lock_wait_seconds=lock_wait,
            )
    except PlanRefused as refused:
        _show(refused.plan)
        raise
    _show(outcome.plan)
    click.echo(
        f"{desired.stack}: {len(outcome.plan.changes)} changes applied"
        if outcome.wrote
        else f"{desired.stack}: nothing to change",
        err=True,
    )


def _show(plan: Plan) -> None:
    for warning in plan.warnings:
        click.echo(f"  warning: {warning}", err=True)
    for change in plan.changes:
        click.echo(f"{change}", err=True)
