"""`supacron status`: how each job goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from supacron.cli.options import common_options, reach

if TYPE_CHECKING:
    from datetime import datetime

    from supacron.operate.status import JobStatus, Status

STATE_STYLES = {
    "active": "green",
    "ended": "dim",
    "paused": "yellow",
    "disabled": "dim",
    "stopped": "red",
    "inactive": "red",
    "missing": "red",
}


@click.command("status")
@common_options
def command(stack: str | None, directory: Path | None, as_json: bool) -> None:
    """Show each job: whether it is active, its last outcome, its success rate, its next run."""
    from supacron.cli.output import document
    from supacron.cli.progress import say
    from supacron.operate.status import read_status

    reached = reach(stack, directory)
    status = read_status(reached.url, reached.target, project_ref=reached.project_ref, progress=say)
    if as_json:
        document(status.to_json())
    else:
        _show(status)


def _show(status: Status) -> None:
    from supacron.cli.output import line, table
    from supacron.operate.ages import age_faults
    from supacron.operate.times import age
    from supacron.operate.words import counted

    line((status.stack, "bold"), f"  {counted(len(status.jobs), 'job')}")
    if status.stopped:
        line((str(status.stopped), "red bold"))
        line(f"    Nothing runs until: supacron start --stack {status.stack}")
    table(
        ("job", "state", "schedule", "last outcome", "when", "ok", "next run (UTC)"),
        [_row(job, status) for job in status.jobs],
    )
    if status.collected_at is None:
        line(("the collector has not run yet: outcomes come once it does", "yellow"))
    else:
        line((f"outcomes as of {age(status.now - status.collected_at)} ago, when the collector last ran", "dim"))
    _show_place(status)
    for fault in age_faults(status.secrets, status.stack, status.now):
        line((fault.message, "red" if fault.over else "yellow"))
        line(f"    {fault.remedy}")
    for job in status.jobs:
        if job.failed:
            line((job.name, "red"), f": {job.outcome}")
            line((f"    {job.remedy}", ""))
        elif job.late(status.now):
            line((job.name, "red"), f": late: {job.lateness(status.now)}")
        elif job.state in ("inactive", "missing"):
            line((job.name, "red"), f": {job.state} in cron.job, without a pause")
            line("    Somebody changed it outside: `pulumi up` mends it.")


def _show_place(status: Status) -> None:
    from supacron.cli.output import line
    from supacron.operate.checks import COPY, FAILOVER

    if status.place == "copy":
        line((COPY, "red"))
    elif status.place == "failover":
        line((FAILOVER, "yellow"))
    if status.place != "same":
        line(f"    If this is where the jobs are to run: pulumi up --stack {status.stack}")


def _row(job: JobStatus, status: Status) -> list[str | tuple[str, str]]:
    from supacron.cli.output import outcome_style
    from supacron.operate.times import age

    following = job.next_run(status.now)
    code = f" (HTTP {job.last_status_code})" if job.last_status_code else ""
    outcome = f"{job.last_outcome}{code}" if job.last_outcome else "never ran"
    rate = f"{100 * job.recent_ok / job.recent_runs:.0f}% of {job.recent_runs}" if job.recent_runs else ""
    return [
        job.name,
        (f"{_state(job, status)}, late", "red")
        if job.late(status.now)
        else (_state(job, status), STATE_STYLES[job.state]),
        job.words,
        (outcome, outcome_style(job.last_outcome) if job.last_outcome else "dim"),
        f"{age(status.now - job.last_queued_at)} ago" if job.last_queued_at else "",
        rate,
        _moment(following, job.timezone) if following else "",
    ]


def _moment(moment: datetime, zone: str | None) -> str:
    from supacron.operate.times import local, minute

    return f"{minute(moment)} ({local(moment, zone)})" if zone else minute(moment)


def _state(job: JobStatus, status: Status) -> str:
    from supacron.operate.times import minute

    if job.state in ("active", "ended"):
        return job.not_due(status.now) or job.state
    if job.state != "paused":
        return job.state
    until = f" until {minute(job.paused_until)}" if job.paused_until else ""
    return f"paused by {job.paused_by}{until}: {job.paused_reason}"
