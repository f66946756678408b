"""Reads the queue of a database: what was installed, its rules, and what would stand in the way of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supacron.live.state import QueueState, frozen
from supacron.render import queue, templates

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]


def read_queue(connection: Connection) -> tuple[QueueState | None, tuple[str, ...]]:
    """The queue, and the obstacles to making one (which are only looked for where there is none)."""
    if not has_queue(connection):
        return None, tuple(name for (name,) in _rows(connection, queue.obstacles_query()))
    found = _rows(connection, templates.sql("queries/queue.sql"))
    if not found:
        return None, ("the schema supacron_queue, whose table installation is empty",)
    stack, released, tool_version, digest, recorded, applied, settings, job_types, holds_jobs = found[0]
    ((fingerprint,),) = _rows(connection, queue.fingerprint_query())
    migrations = _rows(connection, templates.sql("queries/queue_migrations.sql"))
    state = QueueState(
        stack=stack,
        released=released,
        tool_version=tool_version,
        digest=digest,
        migrations=frozenset(number for (number,) in migrations),
        intact=fingerprint == recorded,
        rules=frozen({**settings, "job_types": job_types}),
        applied=frozen(applied),
        holds_jobs=holds_jobs,
    )
    return state, ()


def has_queue(connection: Connection) -> bool:
    """Whether supacron installed a queue here."""
    return _rows(connection, "select to_regclass('supacron_queue.installation') is not null") == [(True,)]


def _rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query.encode()).fetchall()
