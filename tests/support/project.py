"""A folder with a stack's two files, and the command line run in it as a person runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from supacron.load.files import load_stack
from supacron.model.desired import Desired
from tests.support.stacks import Finished


@dataclass(frozen=True)
class StackFolder:
    """`<folder>/stacks/<stack>.yaml` and `Pulumi.<stack>.yaml`; commands find the database in the environment."""

    folder: Path
    stack: str
    project_ref: str
    project_url: str

    @property
    def stacks(self) -> Path:
        return self.folder / "stacks"

    def write(self, definition: Mapping[str, Any]) -> Desired:
        """Writes both files; what they resolve to."""
        self.stacks.mkdir(exist_ok=True)
        (self.folder / "Pulumi.yaml").write_text("name: test\nruntime: python\nstackConfigDir: stacks\n")
        config = {"supacron:projectRef": self.project_ref, "supacron:projectUrl": self.project_url}
        (self.stacks / f"Pulumi.{self.stack}.yaml").write_text(yaml.safe_dump({"config": config}))
        (self.stacks / f"{self.stack}.yaml").write_text(yaml.safe_dump(dict(definition)))
        return load_stack(self.stacks, self.stack).desired

    def run(self, url: str, *arguments: str, extra: Mapping[str, str] | None = None) -> Finished:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SUPACRON_", "PULUMI_"))}
        done = subprocess.run(
            [sys.executable, "-m", "supacron", *arguments],
            cwd=self.folder,
            env={
                **inherited,
                "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
                "NO_COLOR": "1",
                "SUPACRON_STACK": self.stack,
                "SUPACRON_DATABASE_URL": url,
                **(extra or {}),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        return Finished(done.returncode, done.stdout)
