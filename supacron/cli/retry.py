"""`supacron retry`: one more attempt of a run that failed for good."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from supacron.cli.options import Duration, common_options, reach
from supacron.errors import ExitCode


@click.command("retry")
@click.argument("run", type=click.IntRange(1))
@common_options
@click.option("--wait", is_flag=True, help="Wait for the outcome; exit with 1 unless it is ok.")
@click.option("--timeout", type=Duration(), default="60s", show_default=True, help="How long to wait.")
@click.option("--by", metavar="NAME", help="Who asks: git's user.name, else the OS user, unless said.")
def command(
    run: int, stack: str | None, directory: Path | None, as_json: bool, wait: bool, timeout: int, by: str | None
) -> None:
    """Try RUN again, which failed for good: the same body, the same idempotency key, one more attempt."""
    from contextlib import closing

    from supacron.cli.output import document, line, outcome_style
    from supacron.cli.progress import say
    from supacron.operate.outcomes import in_words
    from supacron.operate.person import current_person
    from supacron.operate.retry import retry
    from supacron.operate.trigger import TriggeredRun

    reached = reach(stack, directory)
    events = retry(
        reached.url,
        reached.target,
        run,
        by=by or current_person(),
        project_ref=reached.project_ref,
        wait_seconds=timeout / 1000 if wait else 0,
        progress=say,
    )
    with closing(events):
        job = cast("str", next(events))
        last = cast("TriggeredRun", list(events)[-1])
    if as_json:
        document({"stack": reached.target.name, "job": job, "run": last.to_json()})
    else:
        said = in_words(last.outcome, last.status_code, last.error)
        line((job, "bold"), f"  run {run}: ", (said, outcome_style(last.outcome)))
    if wait and last.outcome != "ok":
        raise click.exceptions.Exit(ExitCode.FAILED)
