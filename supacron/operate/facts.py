"""What `doctor` looks at, read in one moment of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supacron.live.read import read_live
from supacron.live.state import LiveState
from supacron.model.desired import Desired
from supacron.operate.alerts import Alerts, alerts_of
from supacron.operate.database import rows
from supacron.operate.status import Status, status_of

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Server:
    """The server and the two background workers, as far as pg_stat_activity shows them to us."""

    now: datetime
    started_at: datetime
    version: str
    sees_launcher: bool
    sees_net_worker: bool


@dataclass(frozen=True, slots=True)
class Collector:
    """The runtime's own job. `cron_*` is its newest row in cron.job_run_details; `overdue` counts the runs past their
    deadline that still have no outcome. `set_up_at` is the last time that a stack's settings were applied.
    """

    collected_at: datetime | None
    set_up_at: datetime
    overdue: int
    cron_started_at: datetime | None
    cron_status: str | None
    cron_message: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """`collector` and `status` are None where nothing was ever applied; `sizes` are bytes, indexes included.

    `maintenance` is how the last run of the queue's own job ended: pg_cron's status and message.
    """

    stack: str
    live: LiveState
    server: Server
    collector: Collector | None = None
    status: Status | None = None
    queue: int | None = None
    sizes: tuple[tuple[str, int], ...] = ()
    maintenance: tuple[str, str | None] | None = None
    alerts: Alerts | None = None


def read_facts(connection: Connection, stack: str, desired: Desired | None) -> Facts:
    """All of it; `desired` tells which secrets to look for in Vault besides those that were applied."""
    names = [slot.vault_name for slot in desired.secrets.values()] if desired else []
    live = read_live(connection, stack, names)
    server = Server(*rows(connection, "queries/doctor_server.sql")[0])
    has_net = "pg_net" in live.capabilities.extensions
    queue = rows(connection, "queries/doctor_queue.sql")[0][0] if has_net else None
    if live.runtime is None:
        return Facts(stack, live, server, queue=queue)
    return Facts(
        stack=stack,
        live=live,
        server=server,
        collector=Collector(*rows(connection, "queries/doctor_collector.sql")[0]),
        status=status_of(connection, stack),
        queue=queue,
        maintenance=_maintenance(connection) if live.queue is not None else None,
        sizes=tuple((name, size) for name, size in rows(connection, "queries/doctor_history.sql")),
        alerts=alerts_of(connection, stack),
    )


def _maintenance(connection: Connection) -> tuple[str, str | None] | None:
    found = rows(connection, "queries/doctor_maintenance.sql")
    return (found[0][0], found[0][1]) if found else None
