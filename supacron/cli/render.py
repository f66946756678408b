"""`supacron render`: the SQL, for review."""

from __future__ import annotations

from pathlib import Path

import click

from supacron.cli.options import chosen, common_options


@click.command("render")
@common_options
@click.option(
    "--only",
    type=click.Choice(["runtime", "queue", "jobs", "all"]),
    default="all",
    show_default=True,
    help="The runtime, the queue, or the stack's jobs and secrets.",
)
def command(stack: str | None, directory: Path | None, as_json: bool, only: str) -> None:
    """Print a stack's SQL, as for an empty database: without secrets, and without asking a database or Pulumi."""
    from supacron.cli.output import document
    from supacron.load.files import load_stack
    from supacron.plan.script import Part, script

    target = chosen(stack, directory)
    sql = script(load_stack(target.directory, target.stack).desired, Part(only))
    if as_json:
        document({"stack": target.name, "part": only, "sql": sql})
    else:
        click.echo(sql, nl=False)
