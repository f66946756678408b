"""The database is ours to break here: server settings that a test changed are put back."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.support.database import Database


@pytest.fixture
def connection(database: Database) -> Iterator[psycopg.Connection]:
    """As `postgres`, autocommit."""
    with database.connect() as open_connection:
        yield open_connection
