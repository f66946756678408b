"""What is measured, in which order, and what supacron is to reach.

The order is that of the backlog, so that each is filled once; the last cells find what a million jobs have left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["enqueue", "bulk", "work", "p95", "snapshot", "churn"]
SMALL, LARGE, SNAPSHOT = 10_000, 1_000_000, 2_000_000
# Those that claim a hundred at a time; one by one a million jobs would take a quarter of an hour.
CHURNED = ("pgmq", "supacron", "supacron, one call", "graphile-worker")


@dataclass(frozen=True)
class Cell:
    """`target` is the ratio to pgmq that supacron is to reach: at least that, or at most where less is better."""

    key: str
    title: str
    kind: Kind
    clients: int = 4
    batch: int = 1
    backlog: int = 0
    asynchronous: bool = False
    target: float | None = None
    once: bool = False
    """Takes minutes, so that one round must do."""
    only: tuple[str, ...] = ()
    """The queues that are measured; none means all."""

    @property
    def less_is_better(self) -> bool:
        return self.kind == "p95"

    @property
    def unit(self) -> str:
        return "ms" if self.kind == "p95" else "jobs/s"

    def reached(self, ratio: float) -> bool | None:
        if self.target is None:
            return None
        return ratio <= self.target if self.less_is_better else ratio >= self.target


def all_cells() -> list[Cell]:
    return [
        Cell("enqueue-1", "enqueue, 1 client", "enqueue", clients=1, target=1.15),
        Cell("enqueue-4", "enqueue, 4 clients", "enqueue", target=1.15),
        Cell("bulk", "enqueue 10,000 in a call, 1 client", "bulk", clients=1, target=0.8),
        *_backlog("10k", "10,000 pending", SMALL),
        *_backlog("1m", "1,000,000 pending", LARGE),
        Cell(
            "snapshot",
            "batch 20, 4 clients, another session holds a snapshot for 30 s",
            "snapshot",
            batch=20,
            backlog=SNAPSHOT,
            target=10,
            once=True,
        ),
        _churn("churn", "1,000,000 jobs through it", CHURNED),
        *(
            Cell(
                f"churned-{batch}",
                f"after these, 10,000 pending, batch {batch}, 4 clients",
                "work",
                batch=batch,
                backlog=SMALL,
                target=_WORK_TARGET.get(batch),
                only=CHURNED,
            )
            for batch in (1, 20, 100)
        ),
        _churn("churn-2m", "1,000,000 more", CHURNED[:2]),
    ]


_WORK_TARGET = {1: 1.5, 20: 2.0}


def _churn(key: str, title: str, only: tuple[str, ...]) -> Cell:
    return Cell(
        key, f"{title}, batch 100, 4 clients, asynchronous commit", "churn", 4, 100, 0, True, None, once=True, only=only
    )


def _backlog(key: str, title: str, backlog: int) -> list[Cell]:
    work = [
        Cell(
            f"work-{key}-{batch}-{clients}{'-async' if asynchronous else ''}",
            f"{title}, batch {batch}, {clients} client{'s' if clients > 1 else ''}"
            f"{', asynchronous commit' if asynchronous else ''}",
            "work",
            clients,
            batch,
            backlog,
            asynchronous,
            _WORK_TARGET.get(batch),
        )
        for batch in (1, 20, 100)
        for clients, asynchronous in ((1, False), (4, False), *([(4, True)] if batch > 1 else []))
    ]
    latency = [
        Cell(
            f"p95-{key}{'-async' if asynchronous else ''}",
            f"p95 of a claim of 20, {title}, 4 clients{', asynchronous commit' if asynchronous else ''}",
            "p95",
            batch=20,
            backlog=backlog,
            asynchronous=asynchronous,
            target=0.25 if backlog == LARGE else None,
        )
        for asynchronous in (False, True)
    ]
    return [*work, *latency]
