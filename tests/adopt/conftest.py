"""A project on disk with the stack `dev`, as files alone or applied to the test's database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from supacron.load.files import load_stack
from supacron.operate.target import Target
from tests.support.database import Database
from tests.support.stacks import apply_here

DEFINITION = """\
version: 1
secrets:
  key: {env: E_KEY}
defaults: {owner: platform, auth: {secret: key}}
jobs:
  good: {schedule: '*/30 * * * *', function: good, body: {batch_size: 20}, timeout: 3s}
  nightly: {schedule: '15 3 * * *', sql: select 1}
"""


@dataclass(frozen=True)
class Files:
    """`root` holds Pulumi.yaml and `stacks/`."""

    root: Path

    @property
    def stacks(self) -> Path:
        return self.root / "stacks"

    @property
    def target(self) -> Target:
        return Target(self.stacks, "dev")

    def write_project(self) -> None:
        """Pulumi.yaml alone: the stack has no files yet."""
        self.stacks.mkdir(parents=True)
        (self.root / "Pulumi.yaml").write_text("name: try\nruntime: python\nstackConfigDir: stacks\n")

    def write(self, url: str = "http://127.0.0.1:9") -> None:
        """The stack `dev`, too."""
        self.write_project()
        (self.stacks / "dev.yaml").write_text(DEFINITION)
        (self.stacks / "Pulumi.dev.yaml").write_text(
            f"config:\n  supacron:projectRef: local\n  supacron:projectUrl: {url}\n"
        )

    def apply(self, database: Database, values: dict[str, str]) -> None:
        """The stack's files as they are now."""
        apply_here(database, load_stack(self.stacks, "dev").desired, values)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """An empty project."""
    return Files(tmp_path / "project")
