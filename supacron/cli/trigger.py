"""`supacron trigger`: run a job now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from supacron.cli.options import Duration, common_options, reach
from supacron.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supacron.operate.jobs import OperatedJob
    from supacron.operate.trigger import TriggeredRun

QUIET_SECONDS = 5.0
"""A wait longer than this is said."""


@click.command("trigger")
@click.argument("job")
@common_options
@click.option(
    "--body",
    "said",
    metavar="PATH=VALUE",
    multiple=True,
    help="Set a value in the job's body, for this run; repeatable.",
)
@click.option("--wait", is_flag=True, help="Wait for the outcome, show how it comes; exit with 1 unless it is ok.")
@click.option("--timeout", type=Duration(), default="60s", show_default=True, help="How long to wait.")
@click.option("--if-never-run", is_flag=True, help="Do nothing when the job has run before.")
@click.option("--by", metavar="NAME", help="Who asks: git's user.name, else the OS user, unless said.")
def command(  # noqa: PLR0913, PLR0917 -- each is an option of its own, passed by name
    job: str,
    stack: str | None,
    directory: Path | None,
    as_json: bool,
    said: tuple[str, ...],
    wait: bool,
    timeout: int,
    if_never_run: bool,
    by: str | None,
) -> None:
    """Run JOB now, and show what came back."""
    from contextlib import closing

    from supacron.cli.output import document, line
    from supacron.cli.progress import say
    from supacron.operate.body import read_values
    from supacron.operate.person import current_person
    from supacron.operate.trigger import trigger

    body = read_values(said)
    reached = reach(stack, directory)
    events = trigger(
        reached.url,
        reached.target,
        job,
        by=by or current_person(),
        project_ref=reached.project_ref,
        wait_seconds=timeout / 1000 if wait else 0,
        only_first=if_never_run,
        body=body,
        progress=say,
    )
    with closing(events):
        found, run = _follow(events, f"supacron runs {job} --stack {reached.target.name}", wait=wait)
    report = _report(job, reached.target.name, found, run)
    if as_json:
        document(report)
    elif run is None:
        line(f"{job} has run before: not triggered")
    else:
        _show(report, found, run)
    if wait and run is not None and run.outcome != "ok":
        raise click.exceptions.Exit(ExitCode.FAILED)


def _follow(
    events: Iterator[OperatedJob | TriggeredRun], see_later: str, *, wait: bool
) -> tuple[OperatedJob, TriggeredRun | None]:
    import time

    from supacron.cli.output import printable
    from supacron.cli.progress import say
    from supacron.operate.trigger import news

    job = cast("OperatedJob", next(events))
    run: TriggeredRun | None = None
    start = said = time.monotonic()
    try:
        for event in events:
            before, run = run, cast("TriggeredRun", event)
            for line in news(before, run) if wait else ():
                say(printable(line))
                said = time.monotonic()
            if run.outcome is None and time.monotonic() - said > QUIET_SECONDS:
                said = time.monotonic()
                say(f"waiting for the answer ({said - start:.0f} s)")
    except KeyboardInterrupt:
        if run is not None:
            say(f"run {run.id} goes on: {see_later}")
        raise
    return job, run


def _report(name: str, stack: str, job: OperatedJob, run: TriggeredRun | None) -> dict[str, Any]:
    from datetime import UTC, datetime

    from supacron.live.state import DONE
    from supacron.operate.times import iso
    from supacron.schedule import in_words, parse

    now = datetime.now(UTC)
    upcoming = job.window.next_runs(parse(job.schedule, job.timezone), now, 3) if job.active else []
    return {
        "stack": stack,
        "job": name,
        "schedule": job.schedule,
        "timezone": job.timezone,
        "schedule_in_words": in_words(job.schedule, job.window, job.timezone),
        "not_due": job.window.words(now) or ("ended" if job.closed == DONE else None),
        "active": job.active,
        "next_runs": [iso(moment) for moment in upcoming],
        "triggered": run is not None,
        "run": run.to_json() if run else None,
    }


def _show(report: dict[str, Any], job: OperatedJob, run: TriggeredRun) -> None:
    from datetime import datetime

    from supacron.cli.output import line, outcome_style, pairs
    from supacron.operate.outcomes import in_words, remedy
    from supacron.operate.times import minute

    upcoming = ", ".join(minute(datetime.fromisoformat(moment)) for moment in report["next_runs"])
    stopped = "none: it is paused" if job.paused_by else "none: it is disabled" if not job.enabled else "none: inactive"
    outside = report["not_due"]
    rows: list[tuple[str, str | tuple[str, str]]] = [
        ("schedule", f"{job.schedule}  ({report['schedule_in_words']})"),
        ("next runs", f"{upcoming} UTC" if upcoming else f"none: {outside}" if outside else stopped),
        ("run", f"{run.id}, triggered by hand{f', outside of its time ({outside})' if outside else ''}"),
        ("result", (in_words(run.outcome, run.status_code, run.error), outcome_style(run.outcome))),
    ]
    if run.seconds is not None:
        rows.append(("time", f"{run.seconds:.2f} s between sent and seen: the function itself took less"))
    if run.outcome is None:
        rows.append(("remedy", f"see it later: supacron runs {report['job']} --stack {report['stack']}"))
    elif advice := remedy(run.outcome, run.status_code, secrets=job.secrets, url=job.url):
        rows.append(("remedy", advice))
    line((report["job"], "bold"), f"  stack {report['stack']}")
    pairs(rows)
