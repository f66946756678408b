"""`supacron plan`: what an apply would change."""

from __future__ import annotations

import os
from pathlib import Path

import click

from supacron.cli.options import allow_option, chosen, common_options, format_option
from supacron.errors import ExitCode


@click.command("plan")
@common_options
@format_option
@allow_option
@click.option("--exit-code", is_flag=True, help="Exit with 6 when there are changes.")
def command(
    stack: str | None, directory: Path | None, as_json: bool, form: str, allow: tuple[str, ...], exit_code: bool
) -> None:
    """Compare the stack's files with the live database, which is only read; exit with 4 when an apply is refused."""
    from dataclasses import replace

    from supacron.cli.changes import show
    from supacron.cli.progress import say
    from supacron.load.files import load_stack
    from supacron.load.promotion import read_promotion
    from supacron.operate.environment import allowed
    from supacron.operate.planning import plan_now
    from supacron.operate.target import database_url

    target = chosen(stack, directory)
    loaded = load_stack(target.directory, target.stack)
    promotion = read_promotion(target.directory)
    plan = plan_now(
        database_url(target, os.environ),
        loaded.desired,
        os.environ,
        say,
        promotion,
        allow=allowed(os.environ, allow),
    )
    lifted = tuple(f"{each.path}: {each.message}" for each in loaded.warnings if "; allowed: " in each.message)
    plan = replace(plan, warnings=(*lifted, *plan.warnings))
    show(plan, "json" if as_json else form)
    if plan.refusals:
        raise click.exceptions.Exit(ExitCode.REFUSED)
    if exit_code and plan.changes:
        raise click.exceptions.Exit(ExitCode.CHANGES)
