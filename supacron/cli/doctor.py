"""`supacron doctor`: why jobs are not processing."""

from __future__ import annotations

import os
from pathlib import Path

import click

from supacron.cli.options import chosen, common_options
from supacron.errors import ExitCode

SIGNS = {"ok": ("ok", "green"), "warning": ("warning", "yellow"), "failure": ("FAILURE", "red bold")}


@click.command("doctor")
@common_options
def command(stack: str | None, directory: Path | None, as_json: bool) -> None:
    """Look at every part between a schedule and its outcome; exit with 8 when one is broken."""
    from supacron.cli.output import document, line
    from supacron.cli.progress import say
    from supacron.operate.checks import Level
    from supacron.operate.doctor import diagnose

    diagnosis = diagnose(chosen(stack, directory), os.environ, say)
    if as_json:
        document(diagnosis.to_json())
    else:
        for check in diagnosis.checks:
            sign, style = SIGNS[check.level]
            line((f"{sign:8}", style), f" {check.name}: {check.message}")
            if check.remedy:
                line(f"         {check.remedy}")
        failures, warnings = diagnosis.count(Level.FAILURE), diagnosis.count(Level.WARNING)
        line((diagnosis.stack, "bold"), f"  failures: {failures}, warnings: {warnings}")
    if not diagnosis.healthy:
        raise click.exceptions.Exit(ExitCode.UNHEALTHY)
