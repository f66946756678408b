"""How a release did: since when, until when, and what ran in that time."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from supacron.errors import Refused
from supacron.model.promotion import Record, SourceFacts
from supacron.operate.promotion_source import _facts, read_facts, read_source
from supacron.operate.releases import content_of
from tests.support.database import Database
from tests.support.ledger import FIRST, SECOND, Ledger, new_ledger

pytestmark = pytest.mark.slow


@pytest.fixture
def ledger(tmp_path: Path, database: Database) -> Ledger:
    """Releases 1 (FIRST, 10 h ago), 2 and 3 (SECOND, 6 h and 4 h ago)."""
    made = new_ledger(tmp_path, database)
    with database.connect() as connection:
        connection.execute(
            "insert into supacron.release (apply_id, stack, digest, tool_version, changes, definitions, overrides,"
            " definitions_digest) select gen_random_uuid(), stack, digest, tool_version, '[]', definitions, '{}',"
            " definitions_digest from supacron.release order by id desc limit 1"
        )
        connection.execute(
            "update supacron.release set applied_at = now() - hours * interval '1 hour'"
            " from (values (1, 10), (2, 6), (3, 4)) at (nth, hours)"
            " where id = (select min(id) from supacron.release) + nth - 1"
        )
    return made


def add_run(connection: psycopg.Connection, job: str, outcome: str, hours: int) -> None:
    connection.execute(
        "insert into supacron.run (job_id, trigger, queued_at, seen_at, outcome) select id, 'schedule',"
        f" now() - interval '{hours} hours', now() - interval '{hours} hours', %s from supacron.job where name = %s",
        [outcome, job],
    )


def facts(connection: psycopg.Connection, release: int) -> SourceFacts:
    """Of the release, counted from 1."""
    row = connection.execute("select min(id) + %s - 1 from supacron.release", [release]).fetchone()
    assert row is not None
    return _facts(connection, "dev", content_of(connection, "dev", row[0]))


def test_a_release_counts_with_those_of_the_same_definitions(ledger: Ledger) -> None:
    # Nothing is committed: the collector, which runs every minute, sees none of it.
    with ledger.database.connect(autocommit=False) as connection:
        for job, outcome, hours in (
            ("nightly", "failed", 8),
            ("nightly", "ok", 5),
            ("weekly", "failed", 5),
            ("nightly", "ok", 3),
            ("nightly", "skipped", 3),
        ):
            add_run(connection, job, outcome, hours)
        hour = 3_600_000
        assert [round(facts(connection, release).soaked_ms / hour) for release in (1, 2, 3)] == [4, 6, 6]
        assert [(found.runs, found.ok) for found in (facts(connection, 1), facts(connection, 3))] == [(1, 0), (3, 2)]
        assert [facts(connection, release).never_ran for release in (1, 3)] == [("weekly",), ()]
        assert (facts(connection, 3).alerts, facts(connection, 3).drift) == ((), ())

        connection.execute(
            "insert into supacron.incident (stack, alert, kind, observed) values ('dev', 'silence', 'k', '{}')"
        )
        connection.execute("select cron.alter_job(jobid, active := false) from cron.job where jobname = 'weekly'")
        assert (facts(connection, 3).alerts, facts(connection, 3).drift) == (("silence",), ("dev: job weekly",))
        connection.rollback()


def test_what_is_live_and_not_what_lies_about(ledger: Ledger) -> None:
    ledger.write(FIRST)
    live = read_source(ledger.url, ledger.target, project_ref="local")
    assert live.content.definitions == SECOND


def test_a_record_of_other_definitions(ledger: Ledger) -> None:
    live = read_source(ledger.url, ledger.target, project_ref="local")
    record = Record(
        kind="promotion", stack="dev", release=live.content.released.id, digest="another", by="Ada", at="then"
    )
    with pytest.raises(Refused, match="has other definitions than the record says"):
        read_facts(ledger.url, record)
    digest = live.content.released.definitions_digest
    assert read_facts(ledger.url, record.model_copy(update={"digest": digest})).runs == 0
