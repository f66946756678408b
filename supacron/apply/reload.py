"""Has pg_cron read cron.job once more after a transaction whose end it may have missed.

pg_cron keeps the jobs in memory, and reads them again when it hears that the table changed. It listens once a second,
and the server keeps 4,096 such messages for it. When more of them came in between (each object that is made sends some,
and each index at once, not with the transaction), it is told that it missed something, and does not take that for a
change of its table (seen with 1.4; the newer sources are the same): new jobs do not run, and dropped ones do, until the
table changes again. So it is changed again, until pg_cron's session shows that it has read it.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from supacron.apply.transaction import Progress
from supacron.plan.changes import Kind, Plan
from supacron.render import templates

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

RELOADS: Final = "Having pg_cron read its jobs again"
_THOUSANDS: Final = (Kind.EXTENSION, Kind.RUNTIME, Kind.QUEUE)
"""The runtime alone sends 4,200, the queue 3,800."""
_MANY: Final = 1_500
"""Each other change sends one or a few. The rest is for what others send in the same second."""
_LISTENS_EVERY: Final = 1.0
_LOOK_EVERY: Final = 0.02
_ROUNDS: Final = 10


class _Seen(NamedTuple):
    """What pg_cron's session shows. It ends a transaction when it has read its table, and `query` is of its others."""

    ended: datetime
    query: datetime | None
    idle: bool


def may_be_missed(plan: Plan) -> bool:
    """Whether pg_cron may miss that `plan` was carried out."""
    return many(len(plan.changes)) or any(change.kind in _THOUSANDS for change in plan.changes)


def many(changes: int) -> bool:
    """Whether so many changes of cron.job may be missed."""
    return changes > _MANY


def reload_schedules(connection: Connection, progress: Progress) -> None:
    """Changes cron.job, so that nothing of it differs, until pg_cron has read it; fails in words only.

    That takes at most a second, two where it did miss the transaction, and more where the server is busy.
    """
    import psycopg

    progress.step(RELOADS)
    try:
        if _reload(connection):
            return
    except psycopg.Error:
        pass
    progress.notice(
        "all is written, but pg_cron may not have heard of it: if `supacron doctor` says so, apply a change"
    )


def _reload(connection: Connection) -> bool:
    # What it was doing when the transaction ended it may have begun before.
    before = _session(connection)
    if before is None:
        # A role without pg_read_all_stats does not see it.
        time.sleep(2 * _LISTENS_EVERY)
        _change(connection)
        return True
    for _ in range(_ROUNDS):
        _change(connection)
        after = _session(connection, but=before.ended)
        if after is None:
            # It is started again, and reads its table then.
            return True
        if after.ended == before.ended:
            # It has listened, and heard nothing: what it had missed came before the change, and took that with it.
            continue
        if not before.idle:
            before = after
            continue
        if after.query != before.query:
            # It started a job, and may not have read the table; but it has listened, and misses nothing from now on.
            _change(connection)
        return True
    return False


def _change(connection: Connection) -> None:
    connection.execute(templates.sql("apply/reload_schedules.sql").encode())
    connection.commit()


def _session(connection: Connection, but: datetime | None = None) -> _Seen | None:
    """The session, idle after another transaction than that which ended at `but`; as it is when it takes longer than
    pg_cron needs to listen; None when it is not seen."""
    until = time.monotonic() + 1.1 * _LISTENS_EVERY
    while True:
        row = connection.execute(templates.sql("apply/pg_cron_session.sql").encode()).fetchone()
        # In one transaction it would stay as it is.
        connection.commit()
        if row is None:
            return None
        seen = _Seen(*row)
        if (seen.idle and seen.ended != but) or time.monotonic() > until:
            return seen
        time.sleep(_LOOK_EVERY)
