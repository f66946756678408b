"""`supacron diff`: two releases, or a release and the files."""

from __future__ import annotations

from pathlib import Path

import click

from supacron.cli.options import common_options, reach
from supacron.errors import ExitCode

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


@click.command("diff")
@click.argument("old", metavar="A")
@click.argument("new", metavar="[B]", default="file")
@common_options
@click.option("--exit-code", is_flag=True, help="Exit with 6 when they differ.")
def command(old: str, new: str, stack: str | None, directory: Path | None, as_json: bool, exit_code: bool) -> None:
    """Show how the definitions and overrides of A and B differ.

    Each is the number of a release, `live` (the newest one) or `file` (the stack's files as they are now).
    """
    from supacron.cli.output import document, line
    from supacron.operate.differences import compare

    reached = reach(stack, directory)
    found = compare(reached.url, reached.target, old, new, project_ref=reached.project_ref)
    if as_json:
        document({"stack": reached.target.name, **found.to_json()})
    else:
        for text in found.lines:
            line((text.rstrip("\n"), "bold" if text.startswith(("+++", "---")) else _STYLES.get(text[0], "")))
        if not found.lines:
            line(f"{found.old} and {found.new} are the same")
    if exit_code and found.lines:
        raise click.exceptions.Exit(ExitCode.CHANGES)
