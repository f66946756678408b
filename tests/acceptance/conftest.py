"""Where the end-to-end tests run, and what they make and remove there.

`pytest -m acceptance` takes the database of DATABASE_URL (else SUPACRON_DATABASE_URL) and the gateway of PROJECT_URL.
In the whole suite the tests run on the test process's own database, whatever stands in the environment.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from supacron.live.connect import project_ref_of
from supacron.secret import Secret
from tests.acceptance.site import Site
from tests.support.database import Database
from tests.support.pg_cron import pg_cron_has_heard
from tests.support.receiver import Answer, Receiver

LOCAL_PROJECT_URL = "http://127.0.0.1:54321"
FUNCTION = "/functions/v1/batch-processor"


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A stack of a random name; whatever becomes of the test, nothing of it is left, and nothing else is touched."""
    key = os.environ.get("BATCH_PROCESSOR_KEY") or secrets.token_urlsafe(24)
    given = _given(request)
    url, project_url = given or _ours(request, key)
    site = Site(
        url=url,
        project_url=project_url,
        # As the database sees it: `supabase start` has its gateway elsewhere for the inside of its containers.
        inner_project_url=os.environ.get("PROJECT_URL_IN_DATABASE") or project_url,
        project_ref=_recorded_project(url) or project_ref_of(Secret(url)) or "acceptance",
        name=f"acc_{secrets.token_hex(5)}",
        key=key,
        folder=tmp_path,
        pg_cron_has_heard=lambda: None if given else pg_cron_has_heard(request.getfixturevalue("database")),
    )
    before = site.others()
    try:
        yield site
    finally:
        site.remove()
    assert site.leftovers() == []
    assert site.others() == before


def _given(request: pytest.FixtureRequest) -> tuple[str, str] | None:
    # Only on purpose: a DATABASE_URL for something else may well be set where the whole suite runs.
    if request.config.option.markexpr != "acceptance":
        return None
    url = os.environ.get("DATABASE_URL") or os.environ.get("SUPACRON_DATABASE_URL")
    return (url, (os.environ.get("PROJECT_URL") or LOCAL_PROJECT_URL).rstrip("/")) if url else None


def _ours(request: pytest.FixtureRequest, key: str) -> tuple[str, str]:
    database: Database = request.getfixturevalue("database")
    receiver: Receiver = request.getfixturevalue("receiver")
    receiver.answers[FUNCTION] = Answer(401, b"", accept=f"Bearer {key}")
    return database.url, receiver.url


def _recorded_project(url: str) -> str | None:
    """A supacron that is there already belongs to some project: that of these tests, then."""
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
        if connection.execute("select to_regclass('supacron.runtime') is null").fetchone() == (True,):
            return None
        row = connection.execute("select project_ref from supacron.runtime").fetchone()
    return str(row[0]) if row else None
