"""A promotion into a database where nothing was ever applied: what is checked, what is written, and what is not."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supacron.errors import InvalidInput, Refused, SupacronError
from supacron.load.record import read_record
from supacron.load.source import digest_of
from supacron.load.yaml_source import parse_text
from supacron.model.promotion import SourceFacts
from supacron.operate import promote as module
from supacron.operate.promote import Asked, Promotion, promote, promotion_file
from supacron.operate.promotion_source import Live
from supacron.operate.releases import Content, Released
from supacron.operate.target import Target
from supacron.schedule.spread import spread
from supacron.secret import Secret
from tests.support.database import Database
from tests.support.ledger import Ledger

pytestmark = pytest.mark.slow

TEXT = """\
secrets: {key: {}}
jobs:
  call: {schedule: 'H 9 * * 1', url: 'https://api.example.com', auth: {secret: key}}  # why
"""
CONFIG = "config:\n  supacron:projectRef: local\n  supacron:projectUrl: http://127.0.0.1:9\n"
HELD = "  supacron:secrets: {key: {secure: v1:abc}}\n"
OTHER = "config:\n  supacron:projectRef: other\n  supacron:projectUrl: https://other.example.com\n"


@pytest.fixture
def target(tmp_path: Path, database: Database) -> Ledger:
    """The stack `dev`, to which `staging` is promoted."""
    made = Ledger(tmp_path, database)
    made.write("version: 1\n", CONFIG + HELD)
    (tmp_path / "promotion.yaml").write_text("order: [staging, dev]\n")
    (tmp_path / "stacks" / "Pulumi.staging.yaml").write_text(OTHER)
    made.git("init", "-q")
    made.commit()
    return made


def live(text: str = TEXT) -> Live:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    digest = digest_of(parse_text(text, "").data)
    released = Released(12, now, "Ada", "laptop", None, "c0ffee", True, "0.1.0", "sql", digest, [], None, None)
    return Live(Content(released, text, {}), SourceFacts(soaked_ms=0, runs=0, ok=0, alerts=()))


def into(target: Ledger, what: Live | None = None, source: str = "staging", **asked: bool) -> Promotion:
    wish = Asked("Ada", {}, **asked)
    return promote(target.url, target.target, source, what or live(), wish, {"PATH": ""})


def failing(found: Promotion) -> dict[str, str]:
    return {gate.name: gate.figure for gate in found.gates if not gate.holds}


def test_the_file_and_its_record(target: Ledger) -> None:
    dry = into(target, dry_run=True)
    assert (dry.holds, dry.written, target.definition.read_text()) == (True, (), "version: 1\n")
    found = into(target)
    assert [path.name for path in found.written] == ["dev.yaml", "dev.promotion.json"]
    assert target.definition.read_text() == TEXT
    record = read_record(target.target.directory, "dev")
    assert record is not None
    assert (record.stack, record.release, record.digest, record.git_commit) == ("staging", 12, found.digest, "c0ffee")
    (call,) = (change for change in found.plan.changes if change.name == "call")
    # The file keeps the H; what it stands for is drawn in this project.
    assert (str(call), call.fields[0].new) == ("+ job call", spread("H 9 * * 1", "try", "call"))


def test_secrets(target: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value in encrypted config is there, whether or not Pulumi can be asked for it."""
    assert failing(into(target, dry_run=True)) == {}
    monkeypatch.setattr(module, "read_keys", lambda *_: {"key": Secret("fresh")})
    assert failing(into(target, dry_run=True)) == {}
    target.config.write_text(CONFIG)
    assert failing(into(target, dry_run=True)) == {"secrets": "key is missing"}


def test_gates_that_do_not_hold_write_nothing(target: Ledger) -> None:
    found = into(target, source="qa")
    assert failing(found) == {"in_order": "from qa, and staging comes before dev"}
    assert (found.holds, found.written, target.definition.read_text()) == (False, (), "version: 1\n")


def test_uncommitted_work(target: Ledger) -> None:
    target.definition.write_text("version: 1 # mine\n")
    with pytest.raises(Refused, match=r"dev\.yaml holds changes that are not committed"):
        into(target)
    assert target.definition.read_text() == "version: 1 # mine\n"
    assert into(target, force=True).written


def test_without_git(target: Ledger) -> None:
    shutil.rmtree(target.root / ".git")
    with pytest.raises(Refused, match="in no git repository"):
        into(target)
    target.definition.unlink()
    assert into(target).written


def test_definitions_that_are_not_valid_there(target: Ledger) -> None:
    """A literal that names where they come from."""
    with pytest.raises(InvalidInput, match=r"dev\.yaml \(release 12 of staging\):3:.*staging"):
        into(target, live(TEXT.replace("api.example.com", "other.example.com")))


def test_what_has_to_be_there(target: Ledger) -> None:
    with pytest.raises(SupacronError, match=r"Pulumi\.qa\.yaml is not there"):
        promote(target.url, Target(target.target.directory, "qa"), "staging", live(), Asked("Ada", {}), {})
    (target.root / "promotion.yaml").unlink()
    with pytest.raises(SupacronError, match="the order of the environments is not known"):
        promotion_file(target.target.directory)


def test_a_brake_is_lifted_as_in_an_update(target: Ledger) -> None:
    often = live(TEXT.replace("H 9 * * 1", "* * * * *") + "safety: {interval: 5m}\n")
    wish = Asked("Ada", {}, dry_run=True)
    stopped = promote(target.url, target.target, "staging", often, wish, {"PATH": ""})
    assert ([problem.path for problem in stopped.plan.refusals], stopped.holds) == (["jobs.call.schedule"], False)
    lifted = promote(target.url, target.target, "staging", often, wish, {"PATH": "", "SUPACRON_ALLOW": "interval"})
    assert lifted.holds
