"""`supacron runs`: what really happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from supacron.cli.options import common_options, reach

if TYPE_CHECKING:
    from supacron.operate.runs import Run


@click.command("runs")
@click.argument("job", required=False)
@common_options
@click.option("--failed", is_flag=True, help="Only runs with a bad outcome.")
@click.option("--limit", "-n", type=click.IntRange(1, 10_000), default=20, show_default=True, help="At most so many.")
def command(
    job: str | None, stack: str | None, directory: Path | None, as_json: bool, failed: bool, limit: int
) -> None:
    """Show the newest runs, of JOB or of all jobs."""
    from supacron.cli.output import document, line
    from supacron.cli.progress import say
    from supacron.operate.runs import read_runs

    reached = reach(stack, directory)
    runs = read_runs(
        reached.url,
        reached.target,
        job,
        failed=failed,
        limit=limit,
        project_ref=reached.project_ref,
        progress=say,
    )
    if as_json:
        document({"stack": reached.target.name, "runs": [run.to_json() for run in runs]})
    elif not runs:
        line("no run failed" if failed else "no run is recorded yet")
    else:
        _show(runs)


def _show(runs: tuple[Run, ...]) -> None:
    from supacron.cli.output import line, table

    table(
        ("run", "job", "trigger", "queued (UTC)", "outcome", "HTTP", "tries", "sent", "seen", "error"),
        [_row(run) for run in runs],
    )
    line(
        (
            "sent: seconds until pg_net started the batch; seen: until the outcome was recorded, later than the answer",
            "dim",
        )
    )


def _row(run: Run) -> list[str | tuple[str, str]]:
    from supacron.cli.output import outcome_style
    from supacron.operate.times import clock

    asked = f"manual ({run.requested_by})" if run.requested_by else run.trigger
    return [
        str(run.id),
        run.job,
        asked,
        clock(run.queued_at),
        (run.state, outcome_style(run.state)),
        str(run.status_code or ""),
        str(run.attempt),
        # pg_net's clock is that of the batch, which may have started just before the request was queued.
        f"+{max(0.0, (run.sent_at - run.queued_at).total_seconds()):.2f} s" if run.sent_at else "",
        f"+{(run.seen_at - run.queued_at).total_seconds():.2f} s" if run.seen_at else "",
        run.error or "",
    ]
