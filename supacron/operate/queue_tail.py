"""Follows the queue: each job as it comes and as it changes."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from supacron.operate.database import rows, set_timeouts
from supacron.operate.queue import Reach, queue_session
from supacron.operate.times import iso

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

OVERLAP = timedelta(seconds=5)
OVERLAP_IDS = 200
"""What ended is committed a little later than its time says, and what is new in another order than that of its ids."""
FIRST_LOOK = timedelta(hours=1)
MOST = 1_000
"""So many new and so many ended jobs are read at each look; where there are more, the newest."""
REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Event:
    """A job as it was seen at one look. `at` is when it came to be so; `error` has every known secret masked."""

    id: int
    job_type: str
    tenant_id: str | None
    status: str
    attempts: int
    at: datetime
    scheduled_for: datetime
    worker: str | None
    error: str | None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "at": iso(self.at), "scheduled_for": iso(self.scheduled_for)}


@dataclass(slots=True)
class _Seen:
    """What was shown, so that it is shown once; and what the next look starts from."""

    last_id: int
    since: datetime
    held: list[int] = field(default_factory=list)
    shown: dict[int, tuple[str, datetime]] = field(default_factory=dict)

    def news(self, events: list[Event]) -> list[Event]:
        found = [event for event in events if self.shown.get(event.id) != (event.status, event.at)]
        for event in found:
            # Put at the end, so that the oldest are forgotten first.
            self.shown.pop(event.id, None)
            self.shown[event.id] = (event.status, event.at)
        while len(self.shown) > REMEMBERED:
            del self.shown[next(iter(self.shown))]
        return found


def follow(reach: Reach, *, job_type: str | None, lines: int, interval_seconds: float) -> Generator[list[Event]]:
    """Yields what is new at each look, without end; at the first one the newest `lines` events of the last hour.

    No transaction stays open between two looks: it would keep the server from cleaning up.
    """
    with queue_session(reach) as connection:
        ((last_id, now),) = rows(connection, "queries/queue_now.sql")
        seen = _Seen(last_id - max(lines, OVERLAP_IDS), now - FIRST_LOOK)
        first = seen.news(_look(connection, seen, job_type))
        connection.commit()
        yield first[-lines:] if lines else []
        while True:
            time.sleep(interval_seconds)
            set_timeouts(connection)
            news = seen.news(_look(connection, seen, job_type))
            connection.commit()
            yield news


def _look(connection: Connection, seen: _Seen, job_type: str | None) -> list[Event]:
    # Before the look: what comes in between is seen by the next one, too.
    ((last_id, now),) = rows(connection, "queries/queue_now.sql")
    found = rows(
        connection,
        "queries/queue_tail.sql",
        last_id=seen.last_id,
        held=seen.held,
        since=seen.since,
        job_type=job_type,
        limit=MOST,
    )
    events = [Event(*row) for row in found]
    seen.last_id, seen.since = last_id - OVERLAP_IDS, now - OVERLAP
    seen.held = [event.id for event in events if event.status == "processing"]
    return events
