"""A project in a git repository whose applies are recorded as those of Pulumi's command are."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from supacron.apply.apply import Applied, apply
from supacron.load.files import load_stack
from supacron.operate.provenance import provenance_of
from supacron.operate.target import Target
from supacron.secret import Secret
from tests.support.database import Database
from tests.support.stacks import Notes

FIRST = """\
# What runs, and why.
jobs:
  nightly: {schedule: '15 3 * * *', sql: select 1}  # before anybody is awake
"""
SECOND = FIRST.replace("15 3", "45 3") + "  weekly: {schedule: '0 9 * * 1', sql: select 2}\n"
CONFIG = """\
# Where it runs.
config:
  supacron:projectRef: local
  supacron:projectUrl: http://127.0.0.1:9
"""
OVERRIDES = """\
  supacron:overrides:
    jobs:
      nightly: {description: here}
# The end.
"""


@dataclass(frozen=True)
class Ledger:
    """The stack `dev` in `root`, applied to `database`."""

    root: Path
    database: Database

    @property
    def target(self) -> Target:
        return Target(self.root / "stacks", "dev")

    @property
    def definition(self) -> Path:
        return self.root / "stacks" / "dev.yaml"

    @property
    def config(self) -> Path:
        return self.root / "stacks" / "Pulumi.dev.yaml"

    @property
    def url(self) -> Secret:
        return Secret(self.database.url)

    def write(self, definition: str, config: str = CONFIG) -> None:
        self.definition.parent.mkdir(exist_ok=True)
        (self.root / "Pulumi.yaml").write_text("name: try\nruntime: python\nstackConfigDir: stacks\n")
        self.definition.write_text(definition)
        self.config.write_text(config)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a change", "--allow-empty")

    def up(self) -> Applied:
        desired = load_stack(self.target.directory, "dev").desired
        assert desired.source is not None
        source = desired.source.model_copy(update={"file": "stacks/dev.yaml"})
        provenance = provenance_of(source, self.root, {"GITHUB_ACTOR": "ada"})
        return apply(
            self.url, desired.model_copy(update={"source": source}), {}, progress=Notes(), provenance=provenance
        )

    def git(self, *arguments: str) -> str:
        own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        done = subprocess.run(
            ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *arguments],
            cwd=self.root,
            env={**os.environ, **own},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


def new_ledger(root: Path, database: Database) -> Ledger:
    """Two releases: `FIRST` with overrides, committed, and `SECOND`, which is not."""
    ledger = Ledger(root, database)
    ledger.write(FIRST, CONFIG + OVERRIDES)
    ledger.git("init", "-q")
    ledger.commit()
    ledger.up()
    ledger.write(SECOND)
    ledger.up()
    return ledger
