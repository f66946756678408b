"""`supacron resume`: end a job's pause."""

from __future__ import annotations

from pathlib import Path

import click

from supacron.cli.options import common_options, reach

SAYS = {
    ("active", True): " is active again",
    ("disabled", True): "'s pause is over; it is disabled in the YAML",
    ("stopped", True): "'s pause is over; its stack is stopped: `supacron start` makes it active",
    ("stopped", False): " was not paused; its stack is stopped: `supacron start` makes it active",
    ("active", False): " was not paused; it is active",
    ("disabled", False): " was not paused; it is disabled in the YAML",
    ("inactive", False): " was not paused; somebody switched it off outside: `pulumi up` mends that",
}


@click.command("resume")
@click.argument("job")
@common_options
def command(job: str, stack: str | None, directory: Path | None, as_json: bool) -> None:
    """End the pause of JOB: it is active again, unless the YAML disables it."""
    from supacron.cli.output import document, line
    from supacron.cli.progress import SlowSteps
    from supacron.operate.pause import resume

    reached = reach(stack, directory)
    with SlowSteps() as progress:
        resumed = resume(reached.url, reached.target, job, project_ref=reached.project_ref, progress=progress)
    if as_json:
        document({"stack": reached.target.name, **resumed.to_json()})
    else:
        line((job, "bold"), SAYS[resumed.state, resumed.was_paused])
