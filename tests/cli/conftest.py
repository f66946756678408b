"""The command line as a user calls it: arguments in, exit code and two streams out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from supacron.cli import main
from tests.support.database import Database
from tests.support.deployed import KEY, Project, deployed
from tests.support.receiver import Receiver


@pytest.fixture
def written(tmp_path: Path) -> Project:
    """The files alone."""
    project = Project(tmp_path)
    project.write()
    return project


@pytest.fixture
def project(tmp_path: Path, database: Database, receiver: Receiver) -> Project:
    """Applied to `database`; its functions are at `receiver`."""
    return deployed(tmp_path, database, receiver)


@dataclass(frozen=True)
class Result:
    """What one call of the command line came to."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


@dataclass(frozen=True)
class CommandLine:
    """Calls `supacron` in this process, in the folder and with the variables of `monkeypatch`."""

    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str) -> Result:
        self.monkeypatch.setattr("sys.argv", ["supacron", *arguments])
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main()
        captured = self.capsys.readouterr()
        assert KEY not in captured.out + captured.err
        return Result(int(stop.value.code or 0), captured.out, captured.err)


@pytest.fixture
def supacron(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line, without anything of the caller's environment."""
    for name in ("SUPACRON_DATABASE_URL", "SUPACRON_STACK", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return CommandLine(capsys, monkeypatch)


@pytest.fixture
def here(written: Project, supacron: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line in a project's folder; no database is there to ask."""
    monkeypatch.chdir(written.root)
    monkeypatch.setenv("SUPACRON_STACK", "dev")
    return supacron


@pytest.fixture
def there(project: Project, database: Database, supacron: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line in the folder of a stack that is applied, with its database and its secret's variable."""
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("SUPACRON_STACK", "dev")
    monkeypatch.setenv("SUPACRON_DATABASE_URL", database.url)
    monkeypatch.setenv("E_KEY", KEY)
    return supacron
