"""A project folder with the files of a stack, and the stack applied to a database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from supacron.load.files import load_stack
from supacron.operate.target import Target
from supacron.secret import Secret
from tests.support.database import Database
from tests.support.receiver import Answer, Receiver
from tests.support.stacks import apply_here

REF = "local"
KEY = "canary-0c3a8f"
DEFINITION = """\
version: 1
secrets:
  key: {env: E_KEY}
defaults: {owner: platform, auth: {secret: key}}
jobs:
  good: {schedule: '*/30 * * * *', function: good, body: {batch_size: 20}, timeout: 20s}
  refused: {schedule: '0 9 * * 1', function: refused, timeout: 20s}
  idle: {schedule: '0 9 * * 1', function: good, enabled: false, timeout: 20s}
  nightly: {schedule: '15 3 * * *', sql: select 1}
"""


@dataclass(frozen=True)
class Project:
    """`root` holds Pulumi.yaml and `stacks/` with the stack `dev`."""

    root: Path

    @property
    def stacks(self) -> Path:
        return self.root / "stacks"

    @property
    def target(self) -> Target:
        return Target(self.stacks, "dev")

    def write(self, definition: str = DEFINITION, *, url: str = "http://127.0.0.1:9", ref: str = REF) -> None:
        self.stacks.mkdir(exist_ok=True)
        (self.root / "Pulumi.yaml").write_text("name: try\nruntime: python\nstackConfigDir: stacks\n")
        (self.stacks / "dev.yaml").write_text(definition)
        (self.stacks / "Pulumi.dev.yaml").write_text(
            f"config:\n  supacron:projectRef: {ref}\n  supacron:projectUrl: {url}\n"
        )

    def apply(self, database: Database, values: dict[str, str] | None = None) -> None:
        """The stack's files as they are now."""
        apply_here(database, load_stack(self.stacks, "dev").desired, {"key": KEY} if values is None else values)


def deployed(root: Path, database: Database, receiver: Receiver) -> Project:
    """`DEFINITION`, applied; `refused` is answered with 401, everything else with 200."""
    receiver.answers["/functions/v1/refused"] = Answer(status=401, body=b"{}")
    project = Project(root)
    project.write(url=receiver.url)
    project.apply(database)
    return project


def url_of(database: Database) -> Secret:
    return Secret(database.url)
