"""One call of a job with a key that is tried, and what it was answered. It is not recorded as a run of the job."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from supacron.operate.database import rows, set_timeouts

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

GRACE_SECONDS: Final = 60
"""pg_net writes a batch's answers when its slowest request ended."""
_REFUSALS: Final = (401, 403)
_FIRST_PAUSE_SECONDS: Final = 0.1
_LONGEST_PAUSE_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `status` is None when nothing did."""

    status: int | None
    error: str | None = None

    @property
    def refused(self) -> bool:
        return self.status in _REFUSALS

    @property
    def good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def words(self) -> str:
        if self.status is not None:
            return f"HTTP {self.status}"
        return self.error or "no answer"


@dataclass(frozen=True, slots=True)
class Canary:
    """The job that calls, the secret that is tried, and how long its answer may take."""

    stack: str
    job: str
    secret: str
    timeout_ms: int


def call_with(
    connection: Connection, canary: Canary, key_name: str | None, waiting: Callable[[float], None] = lambda _: None
) -> Answer:
    """The answer to one call with the key of that name in Vault; None: with a random key, which is wrong.

    Whatever else the job sends stays as it is. Commits, since the request leaves then. `waiting` is told the seconds
    that passed.
    """
    set_timeouts(connection)
    ((since,),) = rows(connection, "queries/now.sql")
    tried = {"stack": canary.stack, "job": canary.job, "secret": canary.secret, "key_name": key_name}
    ((request,),) = rows(connection, "rotate/try_key.sql", **tried)
    connection.commit()
    begin = time.monotonic()
    pause = _FIRST_PAUSE_SECONDS
    while (passed := time.monotonic() - begin) < canary.timeout_ms / 1000 + GRACE_SECONDS:
        if answer := _look(connection, request, since):
            return answer
        waiting(passed)
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)
    return Answer(None)


def _look(connection: Connection, request: int, since: datetime) -> Answer | None:
    set_timeouts(connection)
    found = rows(connection, "rotate/answer.sql", request=request, since=since)
    connection.commit()
    if not found:
        return None
    status, timed_out, error = found[0]
    return Answer(None, "timed out") if timed_out else Answer(status, error)
