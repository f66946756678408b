"""The queue in a test's database, and what its tests do again and again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from supacron.render import templates
from tests.support.database import Database

NOBODY = "00000000-0000-0000-0000-000000000000"
SETTINGS: dict[str, Any] = {
    "max_attempts": 3,
    "backoff_base_ms": 10_000,
    "backoff_max_ms": 3_600_000,
    "lease_ms": 60_000,
    "timeout_ms": 30_000,
    "patience_ms": 300_000,
    "patience_percent": 20,
    "tenant_max_running": None,
    "tenant_claim": "app_metadata.tenant_id",
    "clients_read": False,
    "urgent_roles": [],
    "idempotency_window_ms": 86_400_000,
    "archive_after_ms": 30 * 86_400_000,
    "archive_keep_ms": 90 * 86_400_000,
}
JOB_TYPE: dict[str, Any] = {
    "max_attempts": None,
    "backoff_base_ms": None,
    "backoff_max_ms": None,
    "lease_ms": None,
    "timeout_ms": None,
    "urgent": False,
    "clients": False,
}


def install(connection: psycopg.Connection) -> None:
    """Everything in the order in which an apply makes it."""
    names = [
        "queue/schema.sql",
        *templates.names("queue/migrations/*.sql"),
        *templates.names("queue/functions/*.sql"),
        *templates.names("queue/views/*.sql"),
        "queue/lock_down.sql",
    ]
    for name in names:
        connection.execute(templates.sql(name).encode())
    connection.execute("select supacron_queue.maintain()")


@dataclass(frozen=True)
class Job:
    """A job as `claim_jobs` returned it."""

    id: int
    job_type: str
    payload: Any
    priority: int
    tenant_id: str | None
    attempts: int
    max_attempts: int
    timeout_seconds: float
    claim_token: str
    idempotency_key: str | None


@dataclass(frozen=True)
class Queue:
    """`connection` is that of `postgres`, who owns the queue."""

    database: Database
    connection: psycopg.Connection

    def one(self, query: str, *parameters: Any) -> Any:
        row = self.connection.execute(query.encode(), parameters or None).fetchone()
        return row[0] if row and len(row) == 1 else row

    def all(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(query.encode(), parameters or None).fetchall()

    def configure(self, *job_types: dict[str, Any], **settings: Any) -> None:
        """The rules, as an apply writes them; what is not said is as in SETTINGS and JOB_TYPE."""
        self.connection.execute(
            templates.render(
                "queue/configure.sql.j2",
                settings=SETTINGS | settings,
                job_types=[JOB_TYPE | each for each in job_types],
            ).encode()
        )
        self.forget()

    def forget(self) -> None:
        """Have the next claim look for itself: a test does not wait for the tenth of a second between two looks."""
        self.connection.execute("truncate supacron_queue.lineup, supacron_queue.memory, supacron_queue.census")

    def enqueue(self, job_type: str = "work", payload: Any = None, **arguments: Any) -> int:
        given = {"p_job_type": job_type, "p_payload": json.dumps({} if payload is None else payload)}
        given |= {f"p_{name}": value for name, value in arguments.items()}
        listed = ", ".join(f"{name} => %({name})s" for name in given)
        row = self.connection.execute(f"select public.enqueue_job({listed})".encode(), given).fetchone()
        assert row
        return int(row[0])

    def claim(
        self, limit: int = 1, *, types: Iterable[str] | None = None, worker: str = "w", lease: float | None = None
    ) -> list[Job]:
        rows = self.all(
            "select id, job_type, payload, priority, tenant_id, attempts, max_attempts, timeout_seconds,"
            " claim_token::text, idempotency_key from public.claim_jobs(%s, %s, %s, %s)",
            limit,
            None if types is None else list(types),
            worker,
            lease,
        )
        return [Job(*row) for row in rows]

    def complete(self, *jobs: Job) -> list[int]:
        return sorted(self.one("select public.complete_jobs(%s::bigint[], %s::uuid[])", *pairs(jobs)))

    def fail(self, *jobs: Job, errors: list[str] | None = None, final: bool = False) -> dict[int, str]:
        """The status of each that was accepted."""
        rows = self.all(
            "select id, status from public.fail_jobs(%s::bigint[], %s::uuid[], %s::text[], %s)",
            *pairs(jobs),
            errors,
            final,
        )
        return dict(rows)

    def release(self, *jobs: Job) -> list[int]:
        return sorted(self.one("select public.release_jobs(%s::bigint[], %s::uuid[])", *pairs(jobs)))

    def heartbeat(self, *jobs: Job, lease: float | None = None) -> list[int]:
        return sorted(self.one("select public.heartbeat_jobs(%s::bigint[], %s::uuid[], %s)", *pairs(jobs), lease))

    def expire(self, *jobs: Job) -> None:
        """Let the leases run out now."""
        self.connection.execute(
            "update supacron_queue.running set lease_expires_at = now() - interval '1 second' where id = any(%s)",
            [[job.id for job in jobs]],
        )

    def return_stuck(self) -> dict[int, str]:
        return dict(self.all("select id, status from public.return_stuck_jobs()"))

    def retry_now(self) -> None:
        """As if every backoff were over."""
        self.connection.execute("update supacron_queue.ready set scheduled_for = now()")
        self.forget()

    def age(self, job: int, by: str) -> None:
        """As if the job had been due for that long."""
        self.connection.execute(
            "update supacron_queue.ready set scheduled_for = now() - %s::interval where id = %s", [by, job]
        )
        self.forget()

    def row(self, job: int) -> dict[str, Any]:
        """The job as public.priority_queue shows it; empty when there is none."""
        cursor = self.connection.execute("select * from public.priority_queue where id = %s", [job])
        row = cursor.fetchone()
        return dict(zip([column.name for column in cursor.description or ()], row or (), strict=bool(row)))

    def status(self, job: int) -> str | None:
        found = self.row(job).get("status")
        return None if found is None else str(found)

    def counts(self) -> dict[str, int]:
        return dict(self.all("select status, count(*) from public.priority_queue group by status"))

    @contextmanager
    def role(self, name: str, claims: dict[str, Any] | None = None) -> Iterator[Queue]:
        """The queue as an API request of that role sees it, in a transaction that is kept unless it raises."""
        with psycopg.connect(self.database.url) as connection:
            connection.execute(
                "select set_config('request.jwt.claims', %s, true)", [json.dumps({"role": name} | (claims or {}))]
            )
            connection.execute(f"set local role {name}".encode())
            yield Queue(self.database, connection)


def pairs(jobs: Iterable[Job]) -> tuple[list[int], list[str]]:
    listed = list(jobs)
    return [job.id for job in listed], [job.claim_token for job in listed]


@contextmanager
def fresh_queue(database: Database) -> Iterator[Queue]:
    """A queue installed in `database`, empty, with the rules of `SETTINGS`."""
    with database.connect(autocommit=False) as connection:
        install(connection)
    with database.connect() as connection:
        queue = Queue(database, connection)
        queue.configure()
        yield queue
