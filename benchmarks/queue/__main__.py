"""Queues side by side on one server: jobs a second, and ratios to pgmq in the same run.

    python -m benchmarks.queue [--quick] [--async] [--rounds N]

Each cell runs every contender in turn, `rounds` times, and shows the median. See README.md for figures.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from benchmarks.queue import contenders
from benchmarks.queue.contenders import Contender
from benchmarks.queue.packages import Packages
from benchmarks.queue.pgbench import Pgbench
from local.cluster import Cluster
from local.installation import find_installation
from tests.support.database import running_cluster

PACKAGES = Path(__file__).resolve().parents[2] / ".tools" / "queue-benchmark"
SERVER = {
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "pg_stat_statements.track": "none",
}
WORK = {1: 4_000, 20: 40_000, 100: 100_000}
CHUNK = 10_000


@dataclass
class Bench:
    """One server with every contender in it."""

    cluster: Cluster
    pgbench: Pgbench
    rounds: int
    scale: float
    all: list[Contender] = field(default_factory=list)

    def say(self, text: str) -> None:
        print(text, flush=True)

    def one(self, query: str) -> int:
        with psycopg.connect(self.cluster.url, autocommit=True) as connection:
            row = connection.execute(query.encode()).fetchone()
        return int(row[0]) if row else 0

    def fill(self, contender: Contender, wanted: int) -> None:
        """Brings the backlog up to `wanted`, committing asynchronously."""
        missing = wanted - self.one(contender.pending)
        with psycopg.connect(self.cluster.url, autocommit=True) as connection:
            connection.execute("set synchronous_commit = off")
            while missing > 0:
                connection.execute(contender.bulk.replace(":n", str(min(missing, CHUNK))).encode())
                missing -= CHUNK

    def empty(self, contender: Contender) -> None:
        with psycopg.connect(self.cluster.url, autocommit=True) as connection:
            for table in contender.tables:
                connection.execute(f"truncate {table} cascade".encode())
            if contender.name.startswith("supacron"):
                connection.execute("truncate supacron_queue.lineup, supacron_queue.memory, supacron_queue.ready")

    def row(self, title: str, measure: Callable[[Contender], float | None], unit: str = "jobs/s") -> None:
        """Every contender in turn, and the medians as a line of a table."""
        found: dict[str, list[float]] = {}
        for _ in range(self.rounds):
            for contender in self.all:
                value = measure(contender)
                if value is not None:
                    found.setdefault(contender.name, []).append(value)
        medians = {name: statistics.median(values) for name, values in found.items()}
        base = medians["pgmq"]
        cells = [f"{medians[each.name] / base:.2f}" if each.name in medians else "" for each in self.all[1:]]
        self.say(f"| {title} | {base:,.{0 if base >= 100 else 2}f} {unit} | " + " | ".join(cells) + " |")

    def enqueue(self) -> None:
        seconds = 5 * self.scale
        for clients in (1, 4):
            self.row(
                f"enqueue, {clients} client{'s' if clients > 1 else ''}",
                lambda each, clients=clients: (  # type: ignore[misc]
                    self.pgbench.run(each.enqueue, clients=clients, seconds=seconds).per_second
                    if each.enqueue
                    else None
                ),
            )
        self.row("bulk, 10,000 a call", self._bulk)

    def _bulk(self, each: Contender) -> float | None:
        if not each.enqueue:
            return None
        run = self.pgbench.run(each.bulk, clients=1, batch=CHUNK, count=max(2, int(20 * self.scale)))
        return run.per_second * CHUNK

    def work(self, backlog: int, batches: tuple[int, ...] = (1, 20, 100), note: str = "") -> None:
        for batch in batches:
            for clients in (1, 4):
                self.row(
                    f"{backlog:,} pending{note}, batch {batch}, {clients} client{'s' if clients > 1 else ''}",
                    lambda each, batch=batch, clients=clients: self._work(each, backlog, batch, clients),  # type: ignore[misc]
                )

    def _work(self, each: Contender, backlog: int, batch: int, clients: int) -> float | None:
        if batch not in each.work:
            return None
        jobs = int(WORK[batch] * self.scale)
        self._alone(each)
        self.fill(each, backlog + jobs)
        count = max(1, jobs // batch // clients)
        return self.pgbench.run(each.work[batch], clients=clients, batch=batch, count=count).per_second * batch

    def _alone(self, each: Contender) -> None:
        """What shares its tables with others finds none of their jobs there."""
        spread = "bands" in each.name
        if each.name.startswith("supacron") and self.one(
            f"select count(*) from (select from supacron_queue.ready where (job_type = 'bench') = {spread} limit 1) x"
        ):
            self.empty(each)

    def latency(self, backlog: int) -> None:
        self.row(f"p95 of a claim of 20, {backlog:,} pending", lambda each: self._latency(each, backlog), "ms")

    def _latency(self, each: Contender, backlog: int) -> float | None:
        if 20 not in each.claim:
            return None
        count = int(300 * self.scale)
        self._alone(each)
        self.fill(each, backlog + count * 20 * 4)
        return self.pgbench.run(each.claim[20], clients=4, batch=20, count=count, log=True).quantile(0.95)

    def snapshot(self) -> None:
        """While another session holds a snapshot for 30 s, the last five of them are measured."""
        hold = max(2.0, 30 * self.scale)
        self.row(f"batch 20, 4 clients, a snapshot held for {hold:.0f} s", lambda each: self._snapshot(each, hold))

    def _snapshot(self, each: Contender, hold: float) -> float | None:
        if 20 not in each.work:
            return None
        self._alone(each)
        self.fill(each, int(2_500_000 * self.scale))
        with psycopg.connect(self.cluster.url) as holder:
            holder.execute("set transaction isolation level repeatable read")
            holder.execute("select count(*) from pg_class")
            self.pgbench.run(each.work[20], clients=4, batch=20, seconds=hold - min(5, hold / 2))
            return self.pgbench.run(each.work[20], clients=4, batch=20, seconds=min(5, hold / 2)).per_second * 20

    def churn(self, jobs: int) -> None:
        """`jobs` through an almost empty queue, and what its tables have grown to."""
        for each in self.all:
            self.empty(each)
        self.row(f"churn of {jobs:,}, batch 100", lambda each: self._churn(each, jobs))
        self.say("")
        for each in self.all:
            if each.tables and 100 in each.work:
                size = sum(self.one(f"select pg_total_relation_size('{table}')") for table in each.tables)
                self.say(f"- {each.name} after {self.rounds * jobs:,} jobs: {size / 2**20:,.0f} MB in its live tables")
        self.say("")

    def _churn(self, each: Contender, jobs: int) -> float | None:
        if 100 not in each.work:
            return None
        self._alone(each)
        size = min(100_000, jobs)
        rates = []
        for _ in range(max(1, jobs // size)):
            self.fill(each, size)
            run = self.pgbench.run(each.work[100], clients=4, batch=100, count=size // 100 // 4)
            rates.append(run.per_second * 100)
        return statistics.harmonic_mean(rates)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a twentieth of the work: shows that it runs, no more")
    parser.add_argument("--async", dest="asynchronous", action="store_true", help="synchronous_commit = off")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    scale = 0.05 if options.quick else 1.0

    packages = Packages(PACKAGES)
    packages.fetch()
    program = find_installation().bin / "pgbench"
    with running_cluster() as cluster:
        with psycopg.connect(cluster.superuser_url, autocommit=True) as superuser:
            for name, value in SERVER.items():
                superuser.execute(f"alter system set {name} = '{value}'".encode())
        cluster.restart()
        bench = Bench(cluster, Pgbench(program, cluster.url, options.asynchronous), options.rounds, scale)
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            bench.all = [
                contenders.pgmq(connection, packages),
                *contenders.supacron(connection),
                contenders.spread(connection),
                contenders.graphile_worker(connection, packages, cluster.url),
                contenders.procrastinate(connection, packages),
            ]
        bench.say("| | " + bench.all[0].name + " | " + " | ".join(each.name for each in bench.all[1:]) + " |")
        bench.say("|---" * (len(bench.all) + 1) + "|")
        large = int(1_000_000 * scale)
        bench.enqueue()
        for each in bench.all:
            bench.empty(each)
        for backlog in (int(10_000 * scale), large):
            bench.work(backlog)
            bench.latency(backlog)
        bench.snapshot()
        bench.churn(large)
        bench.work(int(10_000 * scale), (20,), note=" after that")
    return 0


if __name__ == "__main__":
    sys.exit(main())
