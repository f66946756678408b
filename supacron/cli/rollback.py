"""`supacron rollback`: the stack's files as they were."""

from __future__ import annotations

from pathlib import Path

import click

from supacron.cli.options import common_options, reach


@click.command("rollback")
@click.argument("release", type=click.IntRange(min=1), required=False)
@common_options
@click.option("--force", is_flag=True, help="Overwrite what is not committed, too.")
@click.option("--by", metavar="NAME", help="Who asks: git's user.name, else the OS user, unless said.")
def command(
    release: int | None, stack: str | None, directory: Path | None, as_json: bool, force: bool, by: str | None
) -> None:
    """Write the stack's files back as RELEASE had them: the definitions, comments included, and the overrides.

    Without RELEASE it is the last one that had others than what is live. The database is not changed: `pulumi up` is
    what applies it.
    """
    from supacron.cli.output import document, line
    from supacron.cli.progress import say
    from supacron.operate.person import current_person
    from supacron.operate.rollback import rollback

    reached = reach(stack, directory)
    done = rollback(
        reached.url,
        reached.target,
        release,
        by=by or current_person(),
        force=force,
        project_ref=reached.project_ref,
        progress=say,
    )
    if as_json:
        document({"stack": reached.target.name, **done.to_json()})
        return
    for path in done.written:
        line(f"wrote {path}")
    if not done.written:
        line(f"the files are those of release {done.release} already")
    line((reached.target.name, "bold"), f"  release {done.release}; live is {done.live}")
    line("Next:")
    for step in ("plan", "diff live"):
        line(f"  supacron {step} --stack {reached.target.stack}")
    line(f"  commit the files, and: pulumi up --stack {reached.target.stack}")
