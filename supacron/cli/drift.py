"""`supacron drift`: what somebody changed outside since the last apply."""

from __future__ import annotations

from pathlib import Path

import click

from supacron.cli.options import common_options, format_option, reach
from supacron.errors import ExitCode


@click.command("drift")
@common_options
@format_option
def command(stack: str | None, directory: Path | None, as_json: bool, form: str) -> None:
    """Compare the live database, which is only read, with what was last applied; exit with 6 where they differ."""
    from supacron.cli.changes import show
    from supacron.cli.progress import say
    from supacron.operate.planning import drift_now

    reached = reach(stack, directory)
    plan = drift_now(reached.url, reached.target, project_ref=reached.project_ref, progress=say)
    show(plan, "json" if as_json else form, title="drift")
    if plan.changes:
        raise click.exceptions.Exit(ExitCode.CHANGES)
