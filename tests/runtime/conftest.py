"""A database with the runtime in it, and a stack that uses all of it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.runtime.runtime import Runtime
from tests.support.database import Database
from tests.support.receiver import Receiver
from tests.support.stacks import apply_here, http_job, secret, sql_job, stack


@pytest.fixture
def runtime(database: Database, receiver: Receiver) -> Iterator[Runtime]:
    """The jobs `http`, `open` (without a secret) and `sql`; none of them is due soon."""
    yearly = "0 0 1 1 *"
    desired = stack(
        {
            "http": http_job(f"{receiver.url}/http", schedule=yearly, auth="key", overlap="allow"),
            "open": http_job(f"{receiver.url}/open", schedule=yearly, overlap="allow"),
            "sql": sql_job(schedule=yearly),
        },
        {"key": secret("supacron/main/key")},
    )
    apply_here(database, desired, {"key": "value-of-the-key"})
    with database.superuser() as superuser:
        superuser.execute("update supacron.job set scheduled_at = now() - interval '12 hours'")
    with psycopg.connect(database.url, autocommit=True) as connection, database.superuser() as superuser:
        yield Runtime(database, connection, superuser)
