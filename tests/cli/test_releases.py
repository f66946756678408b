"""releases, diff and rollback on a stack with two releases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from supacron.errors import ExitCode
from tests.cli.conftest import CommandLine
from tests.support.database import Database
from tests.support.ledger import FIRST, SECOND, Ledger, new_ledger

pytestmark = pytest.mark.slow


@pytest.fixture
def ledger(
    tmp_path: Path,
    database: Database,
    supacron: CommandLine,  # noqa: ARG001 -- clears the environment first
    monkeypatch: pytest.MonkeyPatch,
) -> Ledger:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUPACRON_STACK", "dev")
    monkeypatch.setenv("SUPACRON_DATABASE_URL", database.url)
    return new_ledger(tmp_path, database)


def test_releases_diff_and_rollback(ledger: Ledger, supacron: CommandLine) -> None:
    head, second, first = supacron("releases").out.splitlines()
    assert head.split()[:3] == ["release", "when", "(UTC)"]
    assert re.match(r"\d+ +\d{4}-\d\d-\d\d .* ada .* \+ uncommitted .*1 create, 1 update$", second)
    assert "uncommitted" not in first
    newest, oldest = supacron("releases", "--json").data["releases"]
    with ledger.database.connect() as connection:
        connection.execute("update supacron.release set lifted = '[\"remove\"]' where id = %s", [newest["release"]])
    assert supacron("releases", "--limit", "1").out.splitlines()[2:] == [f"{newest['release']}: allowed remove"]
    assert supacron("releases", "--json").data["releases"][0]["lifted"] == ["remove"]

    assert supacron("diff", "live").out == f"release {newest['release']} and stacks/dev.yaml are the same\n"
    differ = supacron("diff", str(oldest["release"]), "--exit-code")
    assert differ.code == ExitCode.CHANGES
    assert "+  weekly: {schedule: '0 9 * * 1', sql: select 2}" in differ.out.splitlines()
    assert supacron("diff", "live", "--json").data["differences"] == []
    assert supacron("diff", "no-such").code == ExitCode.USAGE

    assert supacron("rollback").code == ExitCode.REFUSED
    assert ledger.definition.read_text() == SECOND
    shown = supacron("rollback", "--force")
    assert shown.out.splitlines()[:3] == [
        "wrote stacks/dev.yaml",
        "wrote stacks/Pulumi.dev.yaml",
        f"dev  release {oldest['release']}; live is {newest['release']}",
    ]
    assert ledger.definition.read_text() == FIRST
    again = supacron("rollback", str(oldest["release"]), "--force", "--json").data
    assert again == {"stack": "dev", "release": oldest["release"], "live": newest["release"], "written": []}
