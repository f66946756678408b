"""`supacron stop`: the kill switch."""

from __future__ import annotations

from pathlib import Path

import click

from supacron.cli.options import common_options, reach


@click.command("stop")
@common_options
@click.option(
    "--reason",
    default="no reason was given",
    show_default=True,
    metavar="TEXT",
    help="Why; it is recorded and shown.",
)
@click.option("--by", metavar="NAME", help="Who stops it: git's user.name, else the OS user, unless said.")
def command(stack: str | None, directory: Path | None, as_json: bool, reason: str, by: str | None) -> None:
    """Stop every job of the stack, in one transaction, until `supacron start`; `pulumi up` starts none of them."""
    from supacron.cli.output import document, line
    from supacron.cli.progress import SlowSteps
    from supacron.operate.person import current_person
    from supacron.operate.stop import stop
    from supacron.operate.words import counted

    if not reason.strip():
        raise click.BadParameter("say why", param_hint="--reason")
    reached = reach(stack, directory)
    with SlowSteps() as progress:
        stopped = stop(
            reached.url,
            reached.target,
            by or current_person(),
            reason,
            project_ref=reached.project_ref,
            progress=progress,
        )
    if as_json:
        document({"stack": reached.target.name, "stopped": stopped.to_json()})
        return
    line((reached.target.name, "bold"), f" {stopped}")
    line(f"  {counted(stopped.jobs, 'job')} made inactive")
    line(f"  To put them back: supacron start --stack {reached.target.stack}")
