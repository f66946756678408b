"""`supacron queue`: how the queue goes, what failed, what is stuck, another try, and what happens now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supacron.cli.options import Duration, common_options, reach
from supacron.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supacron.operate.queue import Failures, QueueStats, Reach, Requeued, Returned, StuckJob
    from supacron.operate.queue_tail import Event

STATUS_STYLES = {"completed": "green", "failed": "red", "cancelled": "dim", "processing": "cyan", "pending": ""}
MOST = 10_000


@click.group("queue")
def command() -> None:
    """Look at the queue of a stack's database, and give failed jobs another try."""


@command.command("stats", short_help="Show how many jobs wait, run and failed.")
@common_options
def stats(stack: str | None, directory: Path | None, as_json: bool) -> None:
    """Show how many jobs wait, run and failed, in all and by job type."""
    from supacron.cli.output import document
    from supacron.operate.queue import read_stats

    reached = _reach(stack, directory)
    found = read_stats(reached)
    if as_json:
        document({"stack": reached.target.name, **found.to_json()})
    else:
        _show_stats(reached.target.name, found)


@command.command("failures", short_help="Show the jobs that failed for good, and why.")
@common_options
@click.option("--job-type", metavar="TYPE", help="Only this job type.")
@click.option("--since", type=Duration(), help="Only those that failed so lately, as in 24h.")
@click.option("--limit", "-n", type=click.IntRange(1, MOST), default=20, show_default=True, help="At most so many.")
def failures(
    stack: str | None, directory: Path | None, as_json: bool, job_type: str | None, since: int | None, limit: int
) -> None:
    """Show the dead letters: jobs that failed for good, newest first, and why."""
    from supacron.cli.output import document
    from supacron.operate.queue import read_failures

    reached = _reach(stack, directory)
    found = read_failures(reached, job_type=job_type, since_ms=since, limit=limit)
    if as_json:
        shown = [job.to_json() for job in found.jobs]
        document({"stack": reached.target.name, "total": found.total, "by_job_type": found.counts, "failures": shown})
    else:
        _show_failures(reached.target.name, found)


@command.command("stuck", short_help="Show jobs that a worker lost or is at for too long.")
@common_options
@click.option(
    "--running-for", type=Duration(), default="1h", show_default=True, help="Also those that run for longer than this."
)
@click.option("--return", "take_back", is_flag=True, help="Take them from their workers: each counts as a failed try.")
@click.option("--limit", "-n", type=click.IntRange(1, MOST), default=100, show_default=True, help="At most so many.")
def stuck(
    stack: str | None, directory: Path | None, as_json: bool, running_for: int, take_back: bool, limit: int
) -> None:
    """Show jobs whose worker let its lease run out, or has been at them for too long."""
    from supacron.cli.output import document
    from supacron.operate.queue import read_stuck, return_stuck

    reached = _reach(stack, directory)
    if take_back:
        returned = return_stuck(reached, running_for_ms=running_for, limit=limit)
        if as_json:
            document({"stack": reached.target.name, "returned": [job.to_json() for job in returned]})
        else:
            _show_returned(returned)
        return
    found = read_stuck(reached, running_for_ms=running_for, limit=limit)
    if as_json:
        document({"stack": reached.target.name, "stuck": [job.to_json() for job in found]})
    else:
        _show_stuck(reached.target.name, found)


@command.command("requeue", short_help="Give failed jobs another try.")
@click.argument("ids", nargs=-1, type=click.IntRange(min=1), metavar="[ID]...")
@common_options
@click.option("--job-type", metavar="TYPE", help="All failed jobs of this type, the oldest first.")
@click.option("--limit", "-n", type=click.IntRange(1, MOST), default=1000, show_default=True, help="At most so many.")
def requeue(
    ids: tuple[int, ...], stack: str | None, directory: Path | None, as_json: bool, job_type: str | None, limit: int
) -> None:
    """Put failed jobs back, with all attempts before them: those named, or all of a job type.

    Exits with 1 when a job that was named is not a failed one.
    """
    from supacron.cli.output import document
    from supacron.operate.queue import requeue as put_back

    if not ids and job_type is None:
        raise click.UsageError("say which: ids, or --job-type TYPE (see: supacron queue failures)")
    reached = _reach(stack, directory)
    done = put_back(reached, ids=ids, job_type=job_type, limit=limit)
    if as_json:
        others = [{"id": id_, "status": status} for id_, status in done.others.items()]
        document({"stack": reached.target.name, "requeued": list(done.ids), "not_requeued": others})
    else:
        _show_requeued(done, job_type, limit)
    if done.others:
        raise click.exceptions.Exit(ExitCode.FAILED)


@command.command("tail")
@common_options
@click.option("--job-type", metavar="TYPE", help="Only this job type.")
@click.option("--lines", "-n", type=click.IntRange(0, 1000), default=10, show_default=True, help="Begin with so many.")
@click.option("--interval", type=Duration(), default="1s", show_default=True, help="How long between two looks.")
def tail(
    stack: str | None, directory: Path | None, as_json: bool, job_type: str | None, lines: int, interval: int
) -> None:
    """Follow jobs as they come and change, until Ctrl-C. With --json, one document a line."""
    from contextlib import closing

    from supacron.operate.queue_tail import follow

    reached = _reach(stack, directory)
    try:
        with closing(follow(reached, job_type=job_type, lines=lines, interval_seconds=interval / 1000)) as looks:
            for events in looks:
                _show_events(events, as_json=as_json)
    except KeyboardInterrupt:
        # This is how it is meant to end.
        return


def _reach(stack: str | None, directory: Path | None) -> Reach:
    from supacron.cli.progress import say
    from supacron.operate.queue import Reach

    reached = reach(stack, directory)
    return Reach(reached.url, reached.target, reached.project_ref, say)


def _show_stats(stack: str, found: QueueStats) -> None:
    from supacron.cli.output import line, pairs, table
    from supacron.operate.words import counted

    line((stack, "bold"), f"  {counted(found.total_pending, 'job')} pending, {found.total_processing:,} processing")
    dead = (f"{found.dead_letters:,}", "red" if found.dead_letters else "")
    pairs(
        [
            ("oldest due", _span(found.oldest_pending_seconds) or "none is waiting"),
            ("last hour", f"{found.completed_last_hour:,} completed, {found.failed_last_hour:,} failed"),
            ("average time", _seconds(found.avg_processing_time_seconds) or "none was completed in the last hour"),
            ("dead letters", dead),
        ]
    )
    if found.types:
        table(
            ("job type", "pending", "due", "oldest due", "processing", "completed (1 h)", "average", "failed"),
            [
                (
                    each.job_type,
                    f"{each.pending:,}",
                    f"{each.due:,}",
                    _span(each.oldest_due_seconds),
                    f"{each.processing:,}",
                    f"{each.completed_last_hour:,}",
                    _seconds(each.avg_processing_time_seconds),
                    (f"{each.failed:,}", "red" if each.failed else ""),
                )
                for each in found.types
            ],
        )
    if found.dead_letters:
        line(f"What failed: supacron queue failures --stack {stack}")


def _show_failures(stack: str, found: Failures) -> None:
    from supacron.cli.output import line, table
    from supacron.operate.times import clock
    from supacron.operate.words import counted

    if not found.total:
        line(("no job failed for good", "green"))
        return
    table(
        ("job", "type", "tenant", "tries", "failed (UTC)", "worker", "error"),
        [
            (
                str(job.id),
                job.job_type,
                job.tenant_id or "",
                str(job.attempts),
                clock(job.failed_at),
                job.worker or "",
                (job.error or "", "red"),
            )
            for job in found.jobs
        ],
    )
    kinds = ", ".join(f"{number:,} {job_type}" for job_type, number in found.counts.items())
    line((counted(found.total, "failed job"), "bold"), f": {kinds}")
    line(f"Another try: supacron queue requeue ID... --stack {stack}, or --job-type TYPE")


def _show_stuck(stack: str, found: tuple[StuckJob, ...]) -> None:
    from supacron.cli.output import line, table
    from supacron.operate.times import age, clock

    if not found:
        line(("no job is stuck", "green"))
        return
    table(
        ("job", "type", "tenant", "tries", "worker", "started (UTC)", "running", "why"),
        [
            (
                str(job.id),
                job.job_type,
                job.tenant_id or "",
                str(job.attempts),
                job.worker or "",
                clock(job.started_at),
                age(job.now - job.started_at),
                (f"lease ran out {age(job.now - job.lease_expires_at)} ago", "red")
                if job.lost
                else ("runs long", "yellow"),
            )
            for job in found
        ],
    )
    line("The job supacron-queue takes back those whose lease ran out, every minute; if they stay: supacron doctor.")
    line(f"To take all of these back now: supacron queue stuck --return --stack {stack}")


def _show_returned(returned: tuple[Returned, ...]) -> None:
    from supacron.cli.output import line
    from supacron.operate.times import clock
    from supacron.operate.words import counted

    if not returned:
        line(("no job is stuck", "green"))
        return
    line((f"{counted(len(returned), 'job')} taken back", "bold"))
    for job in returned:
        again = f", next try at {clock(job.scheduled_for)} UTC" if job.scheduled_for else ""
        tries = f" after {counted(job.attempts, 'attempt')}"
        line(f"  {job.id}  ", (job.status, STATUS_STYLES[job.status]), f"{tries}{again}")


def _show_requeued(done: Requeued, job_type: str | None, limit: int) -> None:
    from supacron.cli.output import line
    from supacron.operate.words import counted

    if done.ids or not done.others:
        verb = "is" if len(done.ids) == 1 else "are"
        line((f"{counted(len(done.ids), 'job')} {verb} pending again", "green" if done.ids else "yellow"))
    for id_, status in done.others.items():
        line((f"{id_} ", "red"), "is not a failed job", f": it is {status}" if status else ": there is none of this id")
    if job_type is not None and len(done.ids) == limit:
        line(f"There may be more: only {limit:,} are put back at once (--limit).")


def _show_events(events: Iterable[Event], *, as_json: bool) -> None:
    import json

    from supacron.cli.output import line
    from supacron.operate.times import clock

    for event in events:
        if as_json:
            click.echo(json.dumps(event.to_json(), ensure_ascii=False))
            continue
        details = _details(event)
        line(
            (clock(event.at), "dim"),
            f"  {event.id}  {event.job_type}  ",
            (event.status, STATUS_STYLES[event.status]),
            f"  {details}" if details else "",
        )


def _details(event: Event) -> str:
    """What there is to say about an event besides its status."""
    from supacron.operate.times import clock

    parts: list[Any] = []
    if event.tenant_id:
        parts.append(f"tenant {event.tenant_id}")
    if event.status == "processing":
        parts.append(f"try {event.attempts}" + (f" by {event.worker}" if event.worker else ""))
    if event.status == "pending" and event.attempts:
        parts.append(f"waits for try {event.attempts + 1}, at {clock(event.scheduled_for)}")
    elif event.status == "pending" and event.scheduled_for > event.at:
        parts.append(f"due at {clock(event.scheduled_for)}")
    if event.error:
        parts.append(event.error)
    return ", ".join(parts)


def _span(seconds: float | None) -> str:
    from datetime import timedelta

    from supacron.operate.times import age

    return "" if seconds is None else age(timedelta(seconds=seconds))


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} s"
