"""`supacron promote`: from one environment to the next."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from supacron.cli.options import chosen, directory_option, json_option
from supacron.errors import ExitCode

if TYPE_CHECKING:
    from supacron.operate.promote import Promotion


@click.command("promote")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@directory_option
@json_option
@click.option("--waive", multiple=True, metavar="GATE=REASON", help="Let a gate not count this time, for the record.")
@click.option("--dry-run", is_flag=True, help="Write nothing.")
@click.option("--force", is_flag=True, help="Overwrite what is not committed, too.")
@click.option("--by", metavar="NAME", help="Who asks: git's user.name, else the OS user, unless said.")
def command(
    source: str,
    target: str,
    directory: Path | None,
    as_json: bool,
    waive: tuple[str, ...],
    dry_run: bool,
    force: bool,
    by: str | None,
) -> None:
    """Write what is live in FROM as the definitions of TO, once its gates hold; exit with 4 when one does not.

    Both databases are only read. `pulumi up` checks the gates again, and applies the file once it is committed.
    """
    from supacron.cli.output import document
    from supacron.cli.progress import say
    from supacron.operate.environment import parse_waivers
    from supacron.operate.person import current_person
    from supacron.operate.project import project_ref_of_stack
    from supacron.operate.promote import Asked, promote, promotion_file
    from supacron.operate.promotion_source import read_source, source_url
    from supacron.operate.target import database_url

    here, there = chosen(source, directory), chosen(target, directory)
    promotion_file(there.directory)
    waived = parse_waivers(waive)
    live = read_source(source_url(here, os.environ), here, project_ref=project_ref_of_stack(here), progress=say)
    found = promote(
        database_url(there, os.environ),
        there,
        here.name,
        live,
        Asked(by or current_person(), waived, dry_run, force),
        os.environ,
        progress=say,
    )
    if as_json:
        document(found.to_json())
    else:
        _show(found, dry_run=dry_run)
    if not found.holds:
        raise click.exceptions.Exit(ExitCode.REFUSED)


def _show(found: Promotion, *, dry_run: bool) -> None:
    from supacron.cli.changes import show
    from supacron.cli.output import line, table

    line((found.target, "bold"), f"  release {found.release} of {found.source}, definitions {found.digest[:8]}")
    table(
        ("gate", "", "figure", "needed"),
        [
            [gate.name, ("ok", "green") if gate.passed else _failed(gate.waived), gate.figure, gate.needed]
            for gate in found.gates
        ],
    )
    show(found.plan, "text")
    if not found.holds:
        line(("refused", "red bold"), "  nothing was written")
        for gate in found.gates:
            if not gate.holds:
                line(f"    {gate.name}: see that it holds, or waive it for the record: --waive {gate.name}=REASON")
    elif not dry_run:
        for path in found.written:
            line(f"wrote {path}")
        if not found.written:
            line("the files are those of this release already")
        line(f"Next: commit the files for a review, and then: pulumi up --stack {found.target}")


def _failed(waived: str | None) -> tuple[str, str]:
    return (f"waived: {waived}", "yellow") if waived is not None else ("FAILS", "red")
