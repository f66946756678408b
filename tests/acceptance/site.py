"""One stack of the end-to-end tests on a database that may be anybody's."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg

from supacron.model.desired import Desired
from tests.support.project import StackFolder
from tests.support.stacks import Finished, run_supacron

OUTCOME_SECONDS = 120
SCHEDULE_SECONDS = 200
BODY = {"batch_size": 1}


@dataclass(frozen=True)
class Site:
    """`name` is the stack's, and begins the name of everything that the tests make."""

    url: str
    project_url: str
    inner_project_url: str
    project_ref: str
    name: str
    key: str
    folder: Path
    pg_cron_has_heard: Callable[[], None]
    """Does nothing where the database is not the test process's own: nobody drops a schema there just before."""

    @property
    def stack_folder(self) -> StackFolder:
        return StackFolder(self.folder, self.name, self.project_ref, self.inner_project_url)

    def job(self, name: str) -> str:
        return f"{self.name}_{name}"

    def definition(self, **jobs: Mapping[str, Any]) -> dict[str, Any]:
        """A stack with one secret, and `jobs` under this run's names."""
        slot = {"vault_name": f"{self.name}/key"}
        return {"secrets": {"key": slot}, "jobs": {self.job(name): dict(job) for name, job in jobs.items()}}

    def call(self, schedule: str = "0 0 1 1 *", **fields: Any) -> dict[str, Any]:
        """A job that calls the Edge Function batch-processor."""
        target = {"function": "batch-processor", "body": BODY, "auth": {"secret": "key"}, "timeout": "30s"}
        return {"schedule": schedule, **target, **fields}

    def apply(self, definition: Mapping[str, Any], **values: str) -> str:
        """`supacron apply`, as Pulumi runs it; its output."""
        finished = run_supacron(["apply"], self.stack_folder.write(definition), self.url, values)
        assert finished.code == 0, finished.output
        return finished.output

    def run(self, *arguments: str) -> Finished:
        return self.stack_folder.run(self.url, *arguments)

    def report(self, *arguments: str) -> dict[str, Any]:
        """What a command says in JSON."""
        finished = self.run(*arguments, "--json")
        begin = finished.output.find("{")
        assert begin >= 0, finished.output
        report: dict[str, Any] = json.loads(finished.output[begin:])
        return report

    def direct_status(self, key: str) -> int:
        """The status that the function answers to the same call without any database between."""
        request = urllib.request.Request(  # noqa: S310 - the URL is that of the project
            f"{self.project_url}/functions/v1/batch-processor",
            json.dumps(BODY).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        """Autocommit, and without prepared statements, which a transaction pooler does not know."""
        with psycopg.connect(self.url, autocommit=True, prepare_threshold=None) as connection:
            yield connection

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with self.connection() as connection:
            return connection.execute(query.encode(), parameters or None).fetchall()

    def cron(self, name: str) -> tuple[Any, ...] | None:
        """jobid, schedule, command and active of a job of ours in cron.job."""
        found = self.rows("select jobid, schedule, command, active from cron.job where jobname = %s", self.job(name))
        return found[0] if found else None

    def eventually(self, check: Callable[[], bool], what: str, seconds: float) -> None:
        until = monotonic() + seconds
        while not check():
            assert monotonic() < until, f"not within {seconds} s: {what}"
            threading.Event().wait(0.5)

    def destroy(self, *, with_data: bool) -> str:
        extra = {"SUPACRON_DESTROY": "data"} if with_data else {}
        finished = run_supacron(["destroy"], self.empty(), self.url, extra=extra)
        assert finished.code == 0, finished.output
        return finished.output

    def empty(self) -> Desired:
        return self.stack_folder.write(self.definition())

    def remove(self) -> None:
        """By the tool; and, should the tool fail, by hand."""
        try:
            self.destroy(with_data=True)
        finally:
            with self.connection() as connection:
                pattern = f"{self.name}%"
                connection.execute("select cron.unschedule(jobid) from cron.job where jobname like %s", [pattern])
                connection.execute("delete from vault.secrets where name like %s", [pattern])

    def leftovers(self) -> list[str]:
        """What of ours is still there."""
        found = self.rows("select jobname from cron.job where starts_with(jobname::text, %s)", self.name)
        found += self.rows("select name from vault.secrets where starts_with(name, %s)", self.name)
        if self.rows("select 1 where to_regnamespace('supacron') is not null"):
            found += self.rows("select name from supacron.stack where name = %s", self.name)
            found += self.rows("select name from supacron.job where stack = %s", self.name)
        return [name for (name,) in found]

    def others(self) -> dict[str, list[Any]]:
        """Everything that is not ours, and that a stack of ours must not touch."""
        queries = {
            "cron": "select to_jsonb(c) from cron.job c where not starts_with(coalesce(jobname::text, ''), %(n)s)",
            "vault": "select jsonb_build_array(id, name, updated_at) from vault.secrets"
            " where not starts_with(coalesce(name, ''), %(n)s)",
        }
        with self.connection() as connection:
            if connection.execute("select to_regnamespace('supacron') is not null").fetchone() == (True,):
                for table in ("stack", "job", "secret", "pause"):
                    stack = {"stack": "name", "pause": "(select stack from supacron.job j where j.id = job_id)"}
                    column = stack.get(table, "stack")
                    queries[table] = f"select to_jsonb(t) from supacron.{table} t where {column} <> %(n)s"
            return {
                name: sorted(str(row) for (row,) in connection.execute(query.encode(), {"n": self.name}))
                for name, query in queries.items()
            }
