"""`supacron next`: when jobs run, from the YAML alone."""

from __future__ import annotations

from pathlib import Path

import click

from supacron.cli.options import chosen, common_options


@click.command("next")
@click.argument("job", required=False)
@common_options
@click.option("--count", "-n", type=click.IntRange(1, 1000), default=3, show_default=True, help="So many runs a job.")
def command(job: str | None, stack: str | None, directory: Path | None, as_json: bool, count: int) -> None:
    """Show the next runs of JOB, or of every job, as the YAML has them; no database is asked."""
    from datetime import UTC, datetime

    from supacron.cli.output import document, line
    from supacron.load.files import load_stack
    from supacron.operate.times import local, minute
    from supacron.operate.upcoming import upcoming
    from supacron.plan.safety import enabled_schedules
    from supacron.schedule.peak import SPREAD_HINT, collisions

    target = chosen(stack, directory)
    desired = load_stack(target.directory, target.stack).desired
    now = datetime.now(UTC)
    found = upcoming(desired, job, now, count)
    peaks = collisions(enabled_schedules(desired, now)) if job is None else ()
    if as_json:
        document(
            {
                "stack": target.name,
                "jobs": [one.to_json() for one in found],
                "collisions": [peak.to_json() for peak in peaks],
            }
        )
        return
    for one in found:
        drawn = f"  (from {one.spread_from})" if one.spread_from else ""
        apart = f"  {one.not_due}" if one.enabled and one.not_due else "" if one.enabled else "  disabled"
        line((one.job, "bold"), f"  {one.schedule}  {one.words}", (drawn, "dim"), (apart, "yellow"))
        for moment in one.runs:
            there = f"  ({local(moment, one.timezone)})" if one.timezone else ""
            line(f"  {minute(moment)} UTC{there}")
        if one.estimated:
            line(("  (estimates: a schedule in seconds counts from the start of the run before)", "dim"))
    for peak in peaks:
        line(("together  ", "yellow"), peak.words)
    if peaks:
        line((f"  {SPREAD_HINT}", "dim"))
