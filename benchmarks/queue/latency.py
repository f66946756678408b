"""How long a claim takes while four workers claim and settle: only the claims are timed."""

from __future__ import annotations

import re
from concurrent.futures import ProcessPoolExecutor
from time import perf_counter

import psycopg

from benchmarks.queue.contenders import NO_TOKEN, Contender
from benchmarks.queue.pgbench import ASYNCHRONOUS

CLIENTS = 4
WARM_UP = 10


def p95(each: Contender, batch: int, count: int, *, asynchronous: bool) -> float:
    """Milliseconds, of `count` claims of each worker."""
    with ProcessPoolExecutor(CLIENTS) as pool:
        workers = [
            pool.submit(_claims, each.url, each.claim[batch], each.settle.get(batch), batch, count, asynchronous)
            for _ in range(CLIENTS)
        ]
        found = sorted(time for worker in workers for time in worker.result())
    return found[int(len(found) * 0.95)]


def _claims(url: str, claim: str, settle: str | None, batch: int, count: int, asynchronous: bool) -> list[float]:
    times = []
    values = {"b": str(batch), "ids": "{}", "token": NO_TOKEN}
    with psycopg.connect(
        url, autocommit=True, prepare_threshold=0, options=ASYNCHRONOUS if asynchronous else None
    ) as connection:
        for place in range(WARM_UP + count):
            start = perf_counter()
            cursor = connection.execute(_with_parameters(claim), values)
            row = cursor.fetchone()
            if place >= WARM_UP:
                times.append((perf_counter() - start) * 1_000)
            values |= zip((column.name for column in cursor.description or ()), row or (), strict=True)
            if settle:
                connection.execute(_with_parameters(settle), values)
    return times


def _with_parameters(statement: str) -> bytes:
    """pgbench's `:name` as psycopg's `%(name)s`."""
    return re.sub(r"(?<!:):(b|ids|token)\b", r"%(\1)s", statement.replace("%", "%%")).encode()
