"""Waits until pg_cron knows the jobs as they are: however slow the machine, and whatever pg_cron has missed before."""

from __future__ import annotations

import threading
from time import monotonic

import psycopg

from tests.support.database import Database
from tests.support.waiting import LIMIT_SECONDS

A_MINUTE = LIMIT_SECONDS
"""Seconds within which pg_cron starts what is due every minute, however slow the machine."""
_AGAIN_SECONDS = 2.0
_CHANGE = "update pg_class set relname = relname where oid = 'cron.job'::regclass"
_WAITS = """
    select exists (
        select from pg_locks as l join pg_stat_activity as a using (pid)
        where l.relation = 'cron.job'::regclass and not l.granted and a.backend_type = 'pg_cron launcher'
    )
"""


def pg_cron_has_heard(database: Database) -> None:
    """Returns when pg_cron is about to read cron.job as it is now.

    pg_cron reads its table again when it hears of a change, and hears none of those that it is sent while more than
    4,096 messages wait for it: those of a fixture that drops schemas, with those of an apply right after. So the table
    is locked, and said to be changed, until pg_cron is seen to wait for the lock.
    """
    assert database.ticks(), "here pg_cron starts no jobs: mark the test with pytest.mark.pg_cron"
    with database.superuser() as holder, holder.transaction(), database.superuser() as other:
        holder.execute("lock table cron.job in access exclusive mode")
        other.execute("set allow_system_table_mods = on")
        until = monotonic() + LIMIT_SECONDS
        while not _seen_to_wait(other):
            assert monotonic() < until, f"pg_cron does not read its jobs for {LIMIT_SECONDS:g} s"


def _seen_to_wait(connection: psycopg.Connection) -> bool:
    connection.execute(_CHANGE)
    until = monotonic() + _AGAIN_SECONDS
    while monotonic() < until:
        if connection.execute(_WAITS).fetchone() == (True,):
            return True
        threading.Event().wait(0.02)
    return False
