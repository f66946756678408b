"""`supacron scrub`: keys out of pg_cron's history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from supacron.cli.options import common_options, reach

if TYPE_CHECKING:
    from supacron.operate.scrub import Scrubbing

OUT_OF_REACH = (
    "the server's log, which has the text of each run (logs are kept for days; see the dashboard's log explorer)",
    "backups, point-in-time recovery, replicas and dumps made before now",
    "the planner's statistics, where this role does not own the database: until the server next analyzes cron's tables",
    "git's history, and copies of the SQL elsewhere: supacron audit, and a secret scanner over the whole history",
)
ROTATE = (
    "Deploy the function so that it takes the old key and the new one.",
    "Give the new one: supacron rotate NAME --stack {stack}. It counts once a call with it was answered with 2xx.",
    "Drop the old key: at the function, and in the dashboard (legacy JWT keys go together, by switching them off).",
)


@click.command("scrub")
@common_options
@click.option("--dry-run", is_flag=True, help="Change nothing; say how many rows hold keys.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(stack: str | None, directory: Path | None, as_json: bool, dry_run: bool, yes: bool) -> None:
    """Mask the keys that stand in cron.job_run_details. Rows are kept; where the table cannot be updated, they move.

    Run it after the jobs were adopted and applied, and before the keys are replaced: keys without a known form are
    recognised by what Vault holds.
    """
    from datetime import UTC, datetime

    from supacron.cli.output import document
    from supacron.operate.scrub import look, scrub

    reached = reach(stack, directory)
    found = look(reached.url, reached.target, reached.project_ref, datetime.now(UTC))
    if not as_json:
        _show(found)
    done = 0
    if found.rows and not dry_run:
        if not yes:
            _confirm(found.rows)
        done = scrub(reached.url, reached.target, found, _Progress(found.rows, quiet=as_json))
    if as_json:
        document({"stack": reached.target.name, **found.to_json(), "scrubbed": done})
    else:
        _show_end(reached.target.stack, done)


def _confirm(count: int) -> None:
    import sys

    from supacron.errors import Refused

    try:
        agreed = click.confirm(f"Mask {count} rows?", err=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        click.echo(err=True)
        raise Refused("nothing was masked: nobody is there to ask.", "Pass --yes.") from None
    if not agreed:
        raise click.Abort


class _Progress:
    """One line for each tenth of the rows."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        self._total, self._quiet, self._said = total, quiet, 0

    def __call__(self, done: int) -> None:
        from supacron.cli.progress import say

        tenth = done * 10 // max(self._total, 1)
        if not self._quiet and tenth > self._said:
            self._said = tenth
            say(f"{done} of {self._total} rows")


def _show(found: Scrubbing) -> None:
    from supacron.cli.output import line

    line((f"{found.rows} rows", "bold"), " of cron.job_run_details hold keys", _kinds(found))
    if found.rows and not found.may_update:
        line("  this role may not update them: they move, masked, to supacron.scrubbed_run")
    if found.under_way:
        line((f"  {found.under_way} more are of runs under way: run scrub again later", "yellow"))
    for name in found.leaking:
        line(("still writing keys ", "red"), f"{name}: adopt it and run pulumi up first, or its history grows back")


def _kinds(found: Scrubbing) -> str:
    return f": {', '.join(found.kinds)}" if found.kinds else ""


def _show_end(stack: str, done: int) -> None:
    from supacron.cli.output import line

    line((f"{done} rows masked", "green"))
    line("What this cannot reach:")
    for place in OUT_OF_REACH:
        line(f"  - {place}")
    line("So replace the keys:")
    for number, step in enumerate(ROTATE, start=1):
        line(f"  {number}. {step.format(stack=stack)}")
