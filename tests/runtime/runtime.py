"""What tests of the SQL functions do again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.support.database import Database
from tests.support.waiting import LIMIT_SECONDS, eventually


@dataclass(frozen=True)
class Runtime:
    """`connection` is that of `postgres`; `superuser` puts rows where only pg_cron and pg_net write."""

    database: Database
    connection: psycopg.Connection
    superuser: psycopg.Connection

    def one(self, query: str, *parameters: Any) -> Any:
        row = self.connection.execute(query.encode(), parameters or None).fetchone()
        return row[0] if row and len(row) == 1 else row

    def all(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(query.encode(), parameters or None).fetchall()

    def trigger(self, job: str = "http", by: str = "me") -> int:
        return int(self.one("select supacron.trigger_job(%s, %s)", job, by))

    def collect(self) -> int:
        return int(self.one("select supacron.collect()"))

    def outcome(self, run: int) -> tuple[Any, ...]:
        """Outcome, status and error."""
        return self.all("select outcome, status_code, error from supacron.run where id = %s", run)[0]

    def wait_for_outcome(self, run: int, seconds: float = LIMIT_SECONDS) -> tuple[Any, ...]:
        def known() -> bool:
            self.collect()
            return self.outcome(run)[0] is not None

        self.eventually(known, f"run {run} has an outcome", seconds)
        return self.outcome(run)

    def eventually(self, check: Callable[[], bool], what: str, seconds: float = LIMIT_SECONDS) -> None:
        eventually(check, what, seconds)

    def jobid(self, name: str) -> int:
        return int(self.one("select jobid from cron.job where jobname = %s", name))

    def answer(self, request_id: int, *, status: int | None = 200, ago: str = "0", **fields: Any) -> None:
        """An answer of pg_net, as its worker writes it."""
        self.superuser.execute(
            "insert into net._http_response (id, status_code, timed_out, error_msg, created)"
            " values (%s, %s, %s, %s, now() - %s::interval)",
            [request_id, status, fields.get("timed_out", False), fields.get("error_msg"), ago],
        )

    def cron_run(
        self,
        runid: int,
        job: str | int,
        status: str = "succeeded",
        *,
        message: str | None = None,
        start: str | None = "1 second",
        end: str | None = "0 seconds",
    ) -> None:
        """A row of pg_cron's history; `start` and `end` are how long ago, None is NULL."""
        self.superuser.execute(
            "insert into cron.job_run_details"
            " (jobid, runid, database, username, command, status, return_message, start_time, end_time)"
            " values (%s, %s, 'postgres', 'postgres', 'command', %s, %s, now() - %s::interval, now() - %s::interval)",
            [self.jobid(job) if isinstance(job, str) else job, runid, status, message, start, end],
        )
