"""`supacron start`: the end of a stop."""

from __future__ import annotations

from pathlib import Path

import click

from supacron.cli.options import common_options, reach


@click.command("start")
@common_options
def command(stack: str | None, directory: Path | None, as_json: bool) -> None:
    """End a stop: what was active is active again; what was paused or disabled stays so."""
    from supacron.cli.output import document, line
    from supacron.cli.progress import SlowSteps
    from supacron.operate.stop import start
    from supacron.operate.words import counted

    reached = reach(stack, directory)
    with SlowSteps() as progress:
        before = start(reached.url, reached.target, project_ref=reached.project_ref, progress=progress)
    if as_json:
        document({"stack": reached.target.name, "was_stopped": before.to_json() if before else None})
    elif before is None:
        line((reached.target.name, "bold"), " was not stopped")
    else:
        line((reached.target.name, "bold"), f" runs again: {counted(before.jobs, 'job')} made active (was {before})")
