"""Has pg_cron read cron.job once more after a transaction whose end it may have missed.

pg_cron keeps the jobs in memory, and reads them again when it hears that the table changed. It listens once a second,
and the server keeps 4,096 such messages for it. When more of them came at once (each object that is made sends some),
it is told that it missed something, and does not take that for a change of its table (seen with 1.4; the newer sources
are the same): new jobs do not run, and dropped ones do, until the table changes again. So it is changed again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from supacron.apply.transaction import Progress
from supacron.plan.changes import Kind, Plan
from supacron.render import templates

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

_MESSAGES: Final[Mapping[Kind, int]] = {Kind.RUNTIME: 3_800, Kind.QUEUE: 3_800}
"""Measured, rounded up; each other change sends one or a few."""
_MANY: Final = 3_900
_LISTENS_EVERY: Final = 1.0
_PATIENCE: Final = 2 * _LISTENS_EVERY
"""Seconds: what is changed again before pg_cron has listened is missed with the rest."""


def may_be_missed(plan: Plan) -> bool:
    """Whether carrying out `plan` sends more messages than pg_cron is sure to hear."""
    return sum(_MESSAGES.get(change.kind, 1) for change in plan.changes) > _MANY


def reload_schedules(connection: Connection, progress: Progress) -> None:
    """Waits until pg_cron has listened, then changes cron.job so that nothing of it differs; fails in words only."""
    import psycopg

    progress.step("Having pg_cron read its jobs again")
    time.sleep(_PATIENCE)
    try:
        connection.execute(templates.sql("apply/reload_schedules.sql").encode())
        connection.commit()
    except psycopg.Error:
        progress.notice(
            "all is written, but pg_cron may not have heard of it: if `supacron doctor` says so, apply a change"
        )
