"""`supacron pause`: stop a job for a while."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from supacron.cli.options import common_options, reach


class Until(click.ParamType["int | datetime"]):
    """A duration (milliseconds come back) or a moment with its zone (a datetime comes back)."""

    name = "2h|time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int | datetime:
        from supacron.model.units import parse_duration

        try:
            return parse_duration(value)
        except ValueError:
            pass
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is neither a duration, such as 2h, nor a time, such as 2026-03-01T09:00Z", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} has no zone: write {value}Z for UTC, or {value}+02:00", param, ctx)
        return moment


@click.command("pause")
@click.argument("job")
@common_options
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is recorded and shown.")
@click.option("--until", type=Until(), help="When it resumes by itself: 2h from now, or a time with its zone.")
@click.option("--by", metavar="NAME", help="Who pauses: git's user.name, else the OS user, unless said.")
def command(
    job: str,
    stack: str | None,
    directory: Path | None,
    as_json: bool,
    reason: str,
    until: int | datetime | None,
    by: str | None,
) -> None:
    """Stop JOB until it is resumed; `pulumi up` keeps the pause, and a pause that is there is replaced."""
    from supacron.cli.output import document, line
    from supacron.cli.progress import SlowSteps
    from supacron.operate.pause import Pausing, pause
    from supacron.operate.person import current_person
    from supacron.operate.times import clock

    if not reason.strip():
        raise click.BadParameter("say why", param_hint="--reason")
    reached = reach(stack, directory)
    pausing = Pausing(
        by=by or current_person(),
        reason=reason,
        until=until if isinstance(until, datetime) else None,
        milliseconds=until if isinstance(until, int) else None,
    )
    with SlowSteps() as progress:
        paused = pause(reached.url, reached.target, job, pausing, project_ref=reached.project_ref, progress=progress)
    if as_json:
        document({"stack": reached.target.name, **paused.to_json()})
        return
    end = f"until {clock(paused.until)} UTC" if paused.until else f"until `supacron resume {job}`"
    verb = "its pause was replaced: paused" if paused.before.paused_by else "paused"
    line((job, "bold"), f" {verb} {end} by {paused.by}: {paused.reason}")
    if not paused.before.enabled:
        line(("  it is disabled in the YAML too, and stays so when the pause ends", "yellow"))
