"""The real command line, as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ended:
    """A command that ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


def supacron(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None, stdin: str = "") -> Ended:
    """`supacron ARGUMENTS` in `cwd`; of the tester's own SUPACRON_ and PULUMI_ variables it gets none."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SUPACRON_", "PULUMI_"))}
    done = subprocess.run(
        [sys.executable, "-m", "supacron", *arguments],
        cwd=cwd,
        env={**inherited, "NO_COLOR": "1", "PYTHONPATH": str(Path(__file__).parents[2]), **(env or {})},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)
