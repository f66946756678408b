"""The rules that a stack writes: rendered from values, and replaced as a whole."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from psycopg import errors

from tests.queue.queue import Queue

pytestmark = pytest.mark.slow


def test_the_settings_are_what_was_rendered(queue: Queue) -> None:
    queue.configure(
        max_attempts=9,
        backoff_base_ms=1_500,
        patience_percent=35,
        tenant_max_running=4,
        tenant_claim="it's.here",
        clients_read=True,
        urgent_roles=["service_role", 'odd "role"'],
    )
    row = queue.one(
        "select max_attempts, backoff_base, patience_share, tenant_max_running, tenant_claim, clients_read,"
        " urgent_roles, lease from supacron_queue.settings"
    )
    assert row == (
        9,
        timedelta(seconds=1.5),
        Decimal("0.35"),
        4,
        "it's.here",
        True,
        ["service_role", 'odd "role"'],
        timedelta(minutes=1),
    )


def test_job_types_come_change_and_go(queue: Queue) -> None:
    query = "select name, max_attempts, lease, urgent, clients from supacron_queue.job_type order by name"
    queue.configure({"name": "b", "max_attempts": 2, "lease_ms": 5_000}, {"name": "a", "urgent": True})
    assert queue.all(query) == [("a", None, None, True, False), ("b", 2, timedelta(seconds=5), False, False)]
    queue.configure({"name": "b", "clients": True}, {"name": "it's"})
    assert queue.all(query) == [("b", None, None, False, True), ("it's", None, None, False, False)]
    queue.configure()
    assert queue.all(query) == []


@pytest.mark.parametrize(
    "setting",
    [
        {"max_attempts": 0},
        {"backoff_base_ms": 0},
        {"lease_ms": 0},
        {"patience_percent": 101},
        {"tenant_max_running": 0},
        {"tenant_claim": "user_metadata.tenant_id"},
        {"archive_after_ms": 100 * 86_400_000},
    ],
)
def test_the_database_refuses_what_cannot_work(queue: Queue, setting: dict[str, object]) -> None:
    with pytest.raises(errors.CheckViolation):
        queue.configure(**setting)
