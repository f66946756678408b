"""A database with the queue in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.queue.queue import Queue, fresh_queue
from tests.support.database import Database


@pytest.fixture
def queue(database: Database) -> Iterator[Queue]:
    """The queue with the rules of `tests.queue.queue.SETTINGS`, empty."""
    with fresh_queue(database) as queue:
        yield queue
