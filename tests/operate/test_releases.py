"""The ledger: what an apply records, how it is read, and the way back."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from supacron.errors import Refused, SupacronError
from supacron.load.source import digest_of
from supacron.load.yaml_source import parse_text
from supacron.operate.differences import compare
from supacron.operate.releases import Released, read_releases
from supacron.operate.rollback import rollback
from tests.support.database import Database
from tests.support.ledger import CONFIG, FIRST, OVERRIDES, SECOND, Ledger, new_ledger

pytestmark = pytest.mark.slow


@pytest.fixture
def ledger(tmp_path: Path, database: Database) -> Ledger:
    return new_ledger(tmp_path, database)


def listed(ledger: Ledger) -> tuple[Released, ...]:
    return read_releases(ledger.url, ledger.target, limit=20, project_ref="local")


def back(ledger: Ledger, release: int | None = None, *, force: bool = False) -> list[str]:
    done = rollback(ledger.url, ledger.target, release, by="Ada", force=force, project_ref="local")
    return [path.name for path in done.written]


def test_an_apply_is_one_row(ledger: Ledger) -> None:
    second, first = listed(ledger)
    head = ledger.git("rev-parse", "HEAD").strip()
    assert (first.git_commit, first.git_clean, second.git_clean) == (head, True, False)
    assert (first.applied_by, second.summary) == ("ada", "1 create, 1 update")
    assert first.applied_from
    assert first.definitions_digest == digest_of(parse_text(FIRST, "").data)
    with ledger.database.connect() as connection:
        rows = connection.execute("select definitions, overrides from supacron.release order by id").fetchall()
    assert rows == [(FIRST, {"jobs": {"nightly": {"description": "here"}}}), (SECOND, {})]


def test_the_digest_is_that_of_what_render_prints(ledger: Ledger) -> None:
    command = [sys.executable, "-m", "supacron", "render", "--stack", "dev", "--directory", str(ledger.root / "stacks")]
    printed = subprocess.run(command, capture_output=True, check=True).stdout
    assert listed(ledger)[0].digest == hashlib.sha256(printed).hexdigest()


def test_a_row_only_where_there_is_something_to_record(ledger: Ledger) -> None:
    ledger.write("# Only a comment.\n" + SECOND)
    assert not ledger.up().wrote
    # An override that says what the definitions say changes no job, and is another origin all the same.
    ledger.write(SECOND, CONFIG + "  supacron:overrides: {jobs: {weekly: {sql: select 2}}}\n")
    applied = ledger.up()
    assert [str(change) for change in applied.plan.changes] == [
        "~ stack dev (other definitions that come to the same: recorded)"
    ]
    assert len(listed(ledger)) == 3
    assert not ledger.up().wrote


def test_a_file_that_is_not_what_is_applied_is_not_recorded(ledger: Ledger) -> None:
    from supacron.load.files import load_stack
    from supacron.operate.provenance import read_definitions

    source = load_stack(ledger.target.directory, "dev").desired.source
    assert source is not None
    named = source.model_copy(update={"file": "stacks/dev.yaml"})
    assert read_definitions(named, ledger.root) == SECOND
    ledger.definition.write_text(FIRST)
    assert read_definitions(named, ledger.root) is None
    assert read_definitions(named, ledger.root / "elsewhere") is None


def test_diff(ledger: Ledger) -> None:
    second, first = listed(ledger)
    found = compare(ledger.url, ledger.target, str(first.id), "live", project_ref="local")
    assert [(each.path, each.old, each.new) for each in found.differences] == [
        ("jobs.nightly.schedule", "15 3 * * *", "45 3 * * *"),
        ("jobs.weekly", None, {"schedule": "0 9 * * 1", "sql": "select 2"}),
        ("overrides.jobs", {"nightly": {"description": "here"}}, None),
    ]
    text = "".join(found.lines)
    assert f"+++ dev.yaml release {second.id}\n" in text
    assert "-    description: here\n" in text
    same = compare(ledger.url, ledger.target, "live", "file", project_ref="local")
    assert (same.differences, same.lines) == ((), ())
    with pytest.raises(SupacronError, match="no release 4711"):
        compare(ledger.url, ledger.target, "4711", "file", project_ref="local")


def test_rollback_writes_the_files_back_and_the_next_apply_is_the_old_one(ledger: Ledger) -> None:
    ledger.commit()
    assert back(ledger) == ["dev.yaml", "Pulumi.dev.yaml"]
    assert ledger.definition.read_text() == FIRST
    assert ledger.config.read_text().startswith(CONFIG + OVERRIDES.partition("      nightly")[0])
    assert ledger.up().wrote
    third, second, first = listed(ledger)
    assert (third.digest, third.definitions_digest) == (first.digest, first.definitions_digest)
    ledger.commit()
    assert back(ledger) == ["dev.yaml", "Pulumi.dev.yaml"]
    assert ledger.definition.read_text() == SECOND
    assert ledger.config.read_text() == CONFIG
    assert back(ledger, second.id, force=True) == []


def test_rollback_leaves_uncommitted_work_alone(ledger: Ledger) -> None:
    with pytest.raises(Refused, match=r"dev\.yaml holds changes that are not committed"):
        back(ledger)
    assert ledger.definition.read_text() == SECOND
    assert back(ledger, force=True) == ["dev.yaml", "Pulumi.dev.yaml"]


def test_rollback_without_git_compares_with_what_is_live(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(ledger.root))
    ledger.definition.write_text(SECOND + "  more: {schedule: '0 9 * * 1', sql: select 3}\n")
    with pytest.raises(Refused, match="in no git repository"):
        back(ledger)
    ledger.definition.write_text(SECOND)
    assert back(ledger) == ["dev.yaml", "Pulumi.dev.yaml"]


def test_a_release_without_its_definitions(ledger: Ledger) -> None:
    with ledger.database.connect() as connection:
        connection.execute("update supacron.release set definitions = null")
    with pytest.raises(SupacronError, match="recorded without its definitions"):
        back(ledger, force=True)
