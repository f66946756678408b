"""A real database for tests: a cluster of its own per test process, clean at the start of every test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from local.cluster import Cluster
from local.pg_net_worker import APPLICATION_NAME
from local.ports import free_port
from local.services import Place, Service, pg_net_worker
from local.setup import files

# Schemas outside of these were made by a test (or by the product) and are dropped.
PLATFORM_SCHEMAS = ("public", "extensions", "cron", "vault", "net", "information_schema")
PLATFORM_ROLES = ("supabase_admin", "postgres", "anon", "authenticated", "service_role", "authenticator")

QUICK = "fsync = off"
"""For what need not outlive the machine; a server that is killed loses nothing by it."""
QUIET = "cron.max_running_jobs = 0"
"""pg_cron does all but start jobs: no minute comes in the middle of a test."""


@dataclass(frozen=True)
class Database:
    """A running database with pg_cron, Vault and pg_net, and the worker that sends pg_net's requests."""

    cluster: Cluster
    worker: Service

    @property
    def url(self) -> str:
        """Connects as `postgres`, who is no superuser: as the product does."""
        return self.cluster.url

    @property
    def superuser_url(self) -> str:
        return self.cluster.superuser_url

    def connect(self, *, autocommit: bool = True) -> psycopg.Connection:
        """A new connection as `postgres`; use it with `with`."""
        return psycopg.connect(self.url, autocommit=autocommit)

    def superuser(self) -> psycopg.Connection:
        """A new connection as the superuser, autocommit; use it with `with`."""
        return psycopg.connect(self.superuser_url, autocommit=True)

    def ticks(self) -> bool:
        """Whether pg_cron starts jobs."""
        with self.superuser() as connection:
            return connection.execute("show cron.max_running_jobs").fetchone() != ("0",)

    def clean(self) -> None:
        """Ends the sessions of the last test and removes what it left."""
        with self.superuser() as connection:
            connection.execute("select cron.unschedule(jobid) from cron.job")
            # The worker is left alone unless it is in the middle of a batch, which would hold the locks of its tables.
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where pid <> pg_backend_pid() and backend_type = 'client backend'"
                " and (application_name <> %s or xact_start is not null)",
                [APPLICATION_NAME],
            )
            connection.execute(
                "truncate cron.job_run_details, vault.secrets, net.http_request_queue, net._http_response"
            )
            connection.execute("select extensions.pg_stat_statements_reset()")
            self._drop_schemas(connection)
            self._drop_roles(connection)

    def _drop_schemas(self, connection: psycopg.Connection) -> None:
        made = connection.execute(
            "select quote_ident(nspname) from pg_namespace where nspname <> all(%s) and nspname not like 'pg\\_%%'",
            [list(PLATFORM_SCHEMAS)],
        ).fetchall()
        for (name,) in made:
            connection.execute(f"drop schema {name} cascade".encode())
        in_public = connection.execute(
            "select from pg_depend where refclassid = 'pg_namespace'::regclass"
            " and refobjid = 'public'::regnamespace and classid <> 'pg_default_acl'::regclass limit 1"
        ).fetchone()
        if in_public is not None:
            connection.execute("drop schema public cascade; create schema public authorization pg_database_owner")
            connection.execute("grant usage on schema public to public")
            for path in files():
                if path.name.startswith("6"):
                    connection.execute(path.read_bytes())

    def _drop_roles(self, connection: psycopg.Connection) -> None:
        made = connection.execute(
            "select quote_ident(rolname) from pg_roles where rolname <> all(%s) and rolname not like 'pg\\_%%'",
            [list(PLATFORM_ROLES)],
        ).fetchall()
        for (name,) in made:
            connection.execute(f"drop owned by {name} cascade; drop role {name}".encode())


@contextmanager
def running_cluster(*settings: str) -> Iterator[Cluster]:
    """A new cluster on a free port, running, in a folder that the server's user can enter; gone at the end.

    `settings` are further lines of its postgresql.conf.
    """
    folder = Path(tempfile.mkdtemp(prefix="supacron-test-"))
    # As root the server runs as another user, who has to pass through.
    folder.chmod(0o755)
    cluster = Cluster(folder / "cluster", free_port())
    try:
        cluster.create()
        configure(cluster, settings)
        cluster.start()
        yield cluster
    finally:
        cluster.remove()
        shutil.rmtree(folder)


def configure(cluster: Cluster, settings: Iterable[str]) -> None:
    """More lines for the postgresql.conf of a cluster that is not running."""
    with (cluster.data / "postgresql.conf").open("a") as file:
        file.writelines(f"{line}\n" for line in settings)


def fixture_for(node: pytest.Item | pytest.Collector) -> str:
    """Which of the databases of the test process a test, or a module's tests, want."""
    return "ticking_database" if node.get_closest_marker("pg_cron") else "quiet_database"


@contextmanager
def running_database(*settings: str) -> Iterator[Database]:
    """A new cluster with its pg_net worker, stopped and gone at the end."""
    with running_cluster(*settings) as cluster:
        worker = pg_net_worker(Place(cluster, api_port=0))
        try:
            worker.start()
            yield Database(cluster, worker)
        finally:
            worker.stop()
