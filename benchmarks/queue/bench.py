"""One server with every queue in it, and how a cell is measured on one of them."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.queue import latency
from benchmarks.queue.cells import Cell
from benchmarks.queue.contenders import Contender, install_all
from benchmarks.queue.packages import Packages
from benchmarks.queue.pgbench import Pgbench
from local.cluster import Cluster
from local.installation import find_installation
from tests.support.database import running_cluster

SERVER = {
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    # A checkpoint in the middle of one queue's turn would be that queue's loss.
    "checkpoint_timeout": "1h",
    "pg_stat_statements.track": "none",
}
WORK = {1: 4_000, 20: 40_000, 100: 100_000}
ENQUEUE_SECONDS = 2.0
BULK = 10_000
BULK_CALLS = 10
CLAIMS = 300
HOLD_SECONDS, LAST_SECONDS = 30, 5
CHURN, CHURN_STEP = 1_000_000, 100_000


@dataclass(frozen=True)
class Bench:
    """`scale` makes everything smaller: 1 for figures that mean something."""

    contenders: list[Contender]
    pgbench: Pgbench
    scale: float

    def measure(self, cell: Cell, each: Contender) -> float | None:
        """Jobs a second, or milliseconds; None where the queue does not offer it."""
        if cell.only and each.name not in cell.only:
            return None
        offered = bool(each.enqueue) if cell.kind in ("enqueue", "bulk") else cell.batch in each.claim
        measures = {
            "enqueue": self._enqueue,
            "bulk": self._bulk,
            "work": self._work,
            "p95": self._p95,
            "snapshot": self._snapshot,
            "churn": self._churn,
        }
        return measures[cell.kind](cell, each) if offered else None

    def size(self, each: Contender) -> int:
        """Bytes of its live tables with their indexes."""
        return sum(self._one(each, f"select pg_total_relation_size('{table}')") for table in each.tables)

    def _enqueue(self, cell: Cell, each: Contender) -> float:
        seconds = ENQUEUE_SECONDS * self.scale
        return self.pgbench.run(each.url, each.enqueue, clients=cell.clients, seconds=seconds)

    def _bulk(self, cell: Cell, each: Contender) -> float:
        count = max(2, round(BULK_CALLS * self.scale))
        return self.pgbench.run(each.url, each.bulk, clients=cell.clients, batch=BULK, count=count) * BULK

    def _p95(self, cell: Cell, each: Contender) -> float:
        count = max(10, round(CLAIMS * self.scale))
        self._fill(each, self._scaled(cell.backlog), count * cell.batch * latency.CLIENTS * 2)
        return latency.p95(self.pgbench, each, cell.batch, count, asynchronous=cell.asynchronous)

    def _work(self, cell: Cell, each: Contender) -> float:
        jobs = max(cell.batch * cell.clients, self._scaled(WORK[cell.batch]))
        self._fill(each, self._scaled(cell.backlog), jobs)
        return self._run(each, cell, count=max(1, jobs // cell.batch // cell.clients))

    def _snapshot(self, cell: Cell, each: Contender) -> float:
        """The last seconds of those in which nothing can be vacuumed."""
        hold = max(4.0, HOLD_SECONDS * self.scale)
        last = min(LAST_SECONDS, hold / 2)
        self._fill(each, self._scaled(cell.backlog), 0)
        with psycopg.connect(each.url) as holder:
            holder.execute("set transaction isolation level repeatable read")
            holder.execute("select count(*) from pg_class")
            self._run(each, cell, seconds=hold - last)
            return self._run(each, cell, seconds=last)

    def _churn(self, cell: Cell, each: Contender) -> float:
        """Through a queue that holds little at a time: how fast it works them off; only the first begins empty."""
        if cell.key == "churn":
            self._empty(each)
        step = self._scaled(CHURN_STEP)
        rates = []
        for _ in range(CHURN // CHURN_STEP):
            self._fill(each, 0, step)
            rates.append(self._run(each, cell, count=max(1, step // cell.batch // cell.clients), may_run_dry=True))
        return statistics.harmonic_mean(rates)

    def _run(
        self,
        each: Contender,
        cell: Cell,
        *,
        count: int | None = None,
        seconds: float | None = None,
        may_run_dry: bool = False,
    ) -> float:
        per_second = self.pgbench.run(
            each.url,
            each.work(cell.batch),
            clients=cell.clients,
            batch=cell.batch,
            count=count,
            seconds=seconds,
            asynchronous=cell.asynchronous,
        )
        if not may_run_dry and cell.backlog and not self._one(each, each.pending):
            raise RuntimeError(f"{each.name} ran dry in {cell.key}: its figure would be that of empty claims")
        return per_second * cell.batch

    def _scaled(self, number: int) -> int:
        return max(1, round(number * self.scale))

    def _fill(self, each: Contender, backlog: int, jobs: int) -> None:
        """`jobs` on top of the backlog, committed asynchronously; a queue that holds far more is emptied first."""
        missing = backlog + jobs - self._one(each, each.pending)
        if missing < -max(backlog, jobs, BULK):
            self._empty(each)
            missing = backlog + jobs
        with psycopg.connect(each.url, autocommit=True) as connection:
            connection.execute("set synchronous_commit = off")
            for start in range(0, missing, BULK):
                connection.execute(each.bulk.replace(":n", str(min(missing - start, BULK))).encode())
            if missing > 20 * BULK:
                # Which autovacuum would do at a time of its own choice.
                connection.execute(f"vacuum (analyze) {', '.join(each.tables)}".encode())

    def _empty(self, each: Contender) -> None:
        with psycopg.connect(each.url, autocommit=True) as connection:
            connection.execute(f"truncate {', '.join(each.tables + each.caches)} cascade".encode())

    def _one(self, each: Contender, query: str) -> int:
        with psycopg.connect(each.url, autocommit=True) as connection:
            row = connection.execute(query.encode()).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def running_bench(packages: Packages, scale: float) -> Iterator[Bench]:
    """A server of its own, gone at the end."""
    with running_cluster() as cluster:
        with psycopg.connect(cluster.superuser_url, autocommit=True) as superuser:
            for name, value in SERVER.items():
                superuser.execute(f"alter system set {name} = '{value}'".encode())
        cluster.restart()
        contenders = install_all(lambda name: _database(cluster, name), packages)
        yield Bench(contenders, Pgbench(_pgbench()), scale)


def _pgbench() -> Path:
    return find_installation().bin / "pgbench"


def _database(cluster: Cluster, name: str) -> str:
    """An empty database of postgres, as Supabase's own is."""
    with psycopg.connect(cluster.superuser_url, autocommit=True) as superuser:
        superuser.execute(f"create database bench_{name} owner postgres".encode())
    with psycopg.connect(_named(cluster.superuser_url, name), autocommit=True) as superuser:
        superuser.execute("grant all on schema public to postgres")
    return _named(cluster.url, name)


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/bench_{name}"))
