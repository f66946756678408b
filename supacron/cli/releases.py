"""`supacron releases`: the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from supacron.cli.options import common_options, reach

if TYPE_CHECKING:
    from supacron.operate.releases import Released


@click.command("releases")
@common_options
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many, newest first.")
def command(stack: str | None, directory: Path | None, as_json: bool, limit: int) -> None:
    """Show what was applied to a stack: when, by whom, from which commit, and where it was promoted from."""
    from supacron.cli.output import document, line, table
    from supacron.cli.progress import say
    from supacron.operate.releases import read_releases

    reached = reach(stack, directory)
    found = read_releases(reached.url, reached.target, limit=limit, project_ref=reached.project_ref, progress=say)
    if as_json:
        document({"stack": reached.target.name, "releases": [each.to_json() for each in found]})
        return
    if not found:
        line((reached.target.name, "bold"), "  no release")
        return
    table(
        ("release", "when (UTC)", "by", "on", "commit", "definitions", "came from", "changes"),
        [_row(each) for each in found],
    )
    for each in found:
        for gate, reason in sorted((each.waived or {}).items()):
            line((f"{each.id}: waived {gate}", "yellow"), f": {reason}")
        for lifted in each.lifted or ():
            line((f"{each.id}: allowed {lifted}", "yellow"))


def _row(released: Released) -> list[str | tuple[str, str]]:
    from supacron.operate.times import clock

    dirty = "" if released.git_clean is not False else " + uncommitted"
    return [
        str(released.id),
        clock(released.applied_at),
        released.applied_by or "",
        released.ci_run or released.applied_from or "",
        (f"{(released.git_commit or '')[:8]}{dirty}", "yellow" if dirty else ""),
        ((released.definitions_digest or "")[:8], "dim"),
        (released.origin, "cyan"),
        released.summary,
    ]
