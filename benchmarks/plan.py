"""How long `supacron plan` takes, whole process, and how much memory; beside an empty interpreter's start.

    python -m benchmarks.plan [--rounds N] [--counts N...]

For each count: as many live jobs as desired ones, once with nothing to change, once with every definition changed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from supacron.load.files import load_stack
from tests.support.database import Database, running_database
from tests.support.stacks import apply_here

CONFIG = "config:\n  supacron:projectRef: local\n  supacron:projectUrl: http://127.0.0.1:9\n"
HEAD = """\
version: 1
secrets:
  key: {env: BENCH_KEY}
safety: {change_percent: null, per_minute: null}
defaults: {owner: platform, auth: {secret: key}}
jobs:
"""
JOB = """\
  job-{number:05}:
    description: A job of the benchmark
    schedule: '{minute} {hour} * * *'
    function: batch-processor
    body: {{batch_size: {size}, job_types: [transcription, email_notification]}}
    timeout: 30s
"""


def write(folder: Path, count: int, size: int) -> None:
    """A project with `count` jobs."""
    stacks = folder / "stacks"
    stacks.mkdir(exist_ok=True)
    (folder / "Pulumi.yaml").write_text("name: bench\nruntime: python\nstackConfigDir: stacks\n")
    (stacks / "Pulumi.bench.yaml").write_text(CONFIG)
    jobs = (JOB.format(number=n, minute=n % 60, hour=n // 60 % 24, size=size) for n in range(count))
    (stacks / "bench.yaml").write_text(HEAD + "".join(jobs))


def run(arguments: list[str], folder: Path, url: str) -> tuple[float, float, float]:
    """Seconds from start to exit, seconds of the process's own CPU, and its peak memory in MiB."""
    environment = {**os.environ, "SUPACRON_DATABASE_URL": url, "SUPACRON_STACK": "bench", "BENCH_KEY": "made-up-value"}
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{arguments} ended with {process.returncode}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(database: Database, count: int, rounds: int) -> str:
    """One row of the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, count, 20)
        database.clean()
        apply_here(database, load_stack(folder / "stacks", "bench").desired, {"key": "made-up-value"})
        cells = [f"{count:,}", f"{statistics.median(run(['-c', ''], folder, '')[0] for _ in range(rounds)):.2f}"]
        for size in (20, 50):
            write(folder, count, size)
            found = [run(["-m", "supacron", "plan"], folder, database.url) for _ in range(rounds)]
            seconds, cpu, memory = (statistics.median(each) for each in zip(*found, strict=True))
            cells += [f"{seconds:.2f}", f"{cpu:.2f}", f"{memory:.0f}"]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 1_000, 10_000])
    options = parser.parse_args()
    print("| jobs | empty interpreter s | no change s | CPU s | MiB | all changed s | CPU s | MiB |")
    print("|---|---|---|---|---|---|---|---|")
    with running_database() as database:
        for count in options.counts:
            print(measure(database, count, options.rounds), flush=True)


if __name__ == "__main__":
    main()
