"""Queues side by side on one server: ratios to pgmq, in short rounds that take turns.

    tools/with-env none .venv/bin/python -m benchmarks.queue [--cell PATTERN ...] [--rounds N] [--quick] [--list]

Each cell measures every queue in turn, round after round, in an order that turns around each time, and keeps the median
of the rounds' ratios. What was found goes into results.json and into the table of README.md, cell by cell; a run of
some cells leaves the others as they are.
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import sys
from pathlib import Path
from time import monotonic

import psycopg

from benchmarks.queue.bench import Bench, running_bench
from benchmarks.queue.cells import Cell, all_cells
from benchmarks.queue.packages import Packages
from benchmarks.queue.report import Figures, Results, row

PACKAGES = Path(__file__).resolve().parents[2] / ".tools" / "queue-benchmark"


def rounds_of(bench: Bench, cell: Cell, rounds: int) -> Figures:
    figures = Figures()
    for number in range(1 if cell.once else rounds):
        turn = bench.contenders if number % 2 == 0 else bench.contenders[::-1]
        for each in turn:
            start = monotonic()
            value = bench.measure(cell, each)
            if value is not None:
                figures.found.setdefault(each.name, []).append(value)
                print(
                    f"  {each.name}: {value:,.1f} {cell.unit}, {monotonic() - start:.0f} s", file=sys.stderr, flush=True
                )
    # In the order of the contenders, whichever came first in the last round.
    figures.found = {each.name: figures.found[each.name] for each in bench.contenders if each.name in figures.found}
    if cell.kind == "churn":
        figures.megabytes = {
            each.name: bench.size(each) / 2**20 for each in bench.contenders if each.name in figures.found
        }
    return figures


def machine(bench: Bench, rounds: int) -> str:
    with psycopg.connect(bench.contenders[0].url) as connection:
        version = connection.info.parameter_status("server_version") or ""
    return (
        f"{os.cpu_count()} cores, PostgreSQL {version.split()[0]}, shared_buffers 1 GB, autovacuum at its defaults,"
        f" {rounds} rounds; load average {os.getloadavg()[2]:.1f} before."
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cell", nargs="+", metavar="PATTERN", default=["*"], help="such as enqueue-4 or 'work-1m-*'")
    parser.add_argument("--rounds", type=int, default=3, help="of each cell, but for those of some minutes (3)")
    parser.add_argument(
        "--quick", action="store_true", help="a twentieth of the work, nothing kept: shows that it runs"
    )
    parser.add_argument("--list", action="store_true", help="names the cells")
    options = parser.parse_args()
    cells = [cell for cell in all_cells() if any(fnmatch.fnmatch(cell.key, each) for each in options.cell)]
    if options.list:
        print("\n".join(f"{cell.key:18} {cell.title}" for cell in cells))
        return 0
    if not cells:
        parser.error("no cell has such a name; --list names them")

    packages = Packages(PACKAGES)
    packages.fetch()
    results = Results() if options.quick else Results.load()
    with running_bench(packages, 0.05 if options.quick else 1.0) as bench:
        results.machine = {"text": machine(bench, options.rounds)}
        names = [each.name for each in bench.contenders[1:]]
        print("| | pgmq | " + " | ".join(names) + " | to reach |", flush=True)
        for cell in cells:
            start = monotonic()
            results.cells[cell.key] = rounds_of(bench, cell, options.rounds)
            print(row(cell, results.cells[cell.key], names), f"{monotonic() - start:.0f} s", flush=True)
            if not options.quick:
                results.save(all_cells())
    return 0


if __name__ == "__main__":
    sys.exit(main())
