"""`pulumi up` of new jobs: supacron's one command beside one `local.Command` a job, on the same engine in the same run.

    tools/with-env none .venv/bin/python -m benchmarks.pulumi_up [--jobs N] [--rounds N]

The other program is what one would write first: a resource a job, each of which calls psql. Both are measured without
and with the engine's checkpoints (the file backend writes the whole state after each resource).
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from tests.support.database import Database, running_database
from tests.support.engine import ROOT, Engine, use_command_stand_in

STACK = "bench"
PROJECT = "name: bench\nruntime: python\n"
CONFIG = "config:\n  supacron:projectRef: local\n  supacron:projectUrl: http://127.0.0.1:54321\n"
ONE_COMMAND_A_JOB = """
import os
import pulumi_command as command

for number in range({jobs}):
    name = f"job-{{number:05}}"
    sql = f"select cron.schedule('{{name}}', '{{number % 60}} {{number % 24}} * * *', 'select 1')"
    psql = "psql -qAtX -c \\"$SQL\\" \\"$SUPACRON_DATABASE_URL\\""
    command.local.Command(name, create=psql, environment={{"SQL": sql}})
"""


def our_stack(jobs: int) -> str:
    lines = ["version: 1", "jobs:"]
    for number in range(jobs):
        lines += [
            f"  job-{number:05}:",
            f"    schedule: '{number % 60} {number % 24} * * *'",
            "    function: batch-processor",
            "    body: {batch_size: 20}",
        ]
    return "\n".join([*lines, ""])


def write_project(folder: Path, program: str, jobs: int) -> None:
    (folder / "stacks").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text(PROJECT + "stackConfigDir: stacks\n")
    (folder / "__main__.py").write_text(program)
    (folder / "stacks" / f"{STACK}.yaml").write_text(our_stack(jobs))
    (folder / "stacks" / f"Pulumi.{STACK}.yaml").write_text(CONFIG)


def seconds_of_up(database: Database, program: str, jobs: int, *, checkpoints: bool) -> float:
    """The whole `pulumi up`, from an empty state and an empty database."""
    database.clean()
    with tempfile.TemporaryDirectory() as folder:
        home, project = Path(folder) / "home", Path(folder) / "project"
        home.mkdir()
        write_project(project, program, jobs)
        use_command_stand_in(home)
        environment = {"SUPACRON_DATABASE_URL": database.url}
        if not checkpoints:
            environment["PULUMI_SKIP_CHECKPOINTS"] = "true"
        engine = Engine(home, project, environment)
        engine.ok("stack", "init", STACK)
        start = time.perf_counter()
        engine.ok("up", "--stack", STACK, "--yes", "--skip-preview")
        took = time.perf_counter() - start
    with database.connect() as connection:
        row = connection.execute("select count(*) from cron.job where jobname like 'job-%'").fetchone()
    if row != (jobs,):
        raise RuntimeError(f"{row} of {jobs} jobs were scheduled")
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    ours = (ROOT / "__main__.py").read_text()
    theirs = ONE_COMMAND_A_JOB.format(jobs=options.jobs)
    print(f"| {options.jobs:,} new jobs | one Command a job s | supacron s | ratio |\n|---|---|---|---|")
    with running_database() as database:
        for checkpoints in (False, True):
            times = [
                [seconds_of_up(database, program, options.jobs, checkpoints=checkpoints) for program in (theirs, ours)]
                for _ in range(options.rounds)
            ]
            slow, quick = (statistics.median(each) for each in zip(*times, strict=True))
            label = "with checkpoints" if checkpoints else "without checkpoints"
            print(f"| {label} | {slow:.1f} | {quick:.1f} | {slow / quick:.1f} |", flush=True)


if __name__ == "__main__":
    main()
