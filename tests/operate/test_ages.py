"""Ages of secrets: what is warned of, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from supacron.load.files import load_stack
from supacron.operate import checks
from supacron.operate.ages import SecretAge, age_faults
from supacron.operate.checks import Level
from supacron.operate.status import Status, read_status
from tests.operate.test_checks import NOW, facts
from tests.support.database import Database
from tests.support.deployed import DEFINITION, Project, url_of
from tests.support.stacks import apply_here
from tests.support.tokens import token

DAY_MS = 86_400_000
AGE = SecretAge("key", None, 90 * DAY_MS, NOW - timedelta(days=10), NOW + timedelta(days=100))


def said(**changes: object) -> list[tuple[str, bool]]:
    found = age_faults((replace(AGE, **changes),), "dev", NOW)  # type: ignore[arg-type]
    return [(fault.message, fault.over) for fault in found]


def test_nothing_is_said_before_it_is_due() -> None:
    assert said() == []
    assert said(recorded_at=None, expires_at=None) == []
    assert said(rotate_after_ms=None, expires_at=None, recorded_at=NOW - timedelta(days=900)) == []


def test_thirty_days_before_it_expires() -> None:
    assert said(expires_at=NOW + timedelta(days=31)) == []
    assert said(expires_at=NOW + timedelta(days=29)) == [("key expires on 2026-03-30, in 29 d", False)]
    assert said(expires_at=NOW, rotate_after_ms=1) == [("key expired on 2026-03-01", True)]
    assert len(said(expires_at=NOW + timedelta(days=29), rotate_after_ms=1)) == 2


def test_at_the_date_of_the_policy() -> None:
    assert said(recorded_at=NOW - timedelta(days=80)) == []
    assert said(recorded_at=NOW - timedelta(days=81)) == [("key is to be replaced by 2026-03-10, in 9 d", False)]
    year = {"rotate_after_ms": 3650 * DAY_MS, "expires_at": None}
    assert said(**year, recorded_at=NOW - timedelta(days=3619)) == []
    assert len(said(**year, recorded_at=NOW - timedelta(days=3620))) == 1
    assert said(recorded_at=NOW - timedelta(days=90)) == [("key is 90 d old, and is to be replaced after 90d", False)]


def test_doctor_fails_for_what_expired_and_warns_of_the_rest() -> None:
    status = Status("dev", NOW, NOW, (), secrets=(AGE, replace(AGE, name="old", recorded_at=NOW - timedelta(days=99))))
    (old,) = checks.ages(facts(status=status))
    assert (old.level, old.remedy) == (Level.WARNING, "Replace it: supacron rotate old --stack dev")
    status = replace(status, secrets=(replace(AGE, expires_at=NOW),))
    (over,) = checks.ages(facts(status=status))
    assert over.level is Level.FAILURE


@pytest.mark.slow
def test_what_an_apply_records(project: Project, database: Database) -> None:
    expires = datetime(2040, 1, 1, tzinfo=UTC)
    definition = DEFINITION.replace("{env: E_KEY}", "{env: E_KEY, rotate_after: 90d}")
    project.write(definition)
    desired = load_stack(project.stacks, "dev").desired
    apply_here(database, desired, {"key": token("anon", ref="local", exp=int(expires.timestamp()))})
    assert not apply_here(database, desired).wrote
    (found,) = read_status(url_of(database), project.target, project_ref="local").secrets
    assert (found.name, found.rotate_after_ms, found.expires_at) == ("key", 90 * DAY_MS, expires)
    assert found.recorded_at is not None
    apply_here(database, desired, {"key": "an opaque one"})
    (found,) = read_status(url_of(database), project.target, project_ref="local").secrets
    assert found.expires_at is None
    assert found.to_json()["rotate_due_at"] is not None
