"""A real Pulumi engine in a project, a home and a state backend of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / ".tools" / "bin"


@dataclass(frozen=True)
class Engine:
    """Runs `pulumi` in `project`; state, home and plugins stay under `directory`."""

    directory: Path
    project: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, str]:
        """The whole environment of a run: nothing of the user's Pulumi settings is in it."""
        # Coverage would take a second more in each run: what an engine starts is measured by other tests.
        ours = ("PULUMI_", "COVERAGE_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        # The venv first, for an old language host; what `directory` holds before any installed plugin; ours last.
        path = [str(Path(sys.executable).parent), str(self.directory / "bin"), os.environ["PATH"], str(BUILT)]
        return {
            **inherited,
            "PATH": os.pathsep.join(path),
            "NO_COLOR": "1",
            "PULUMI_HOME": str(self.directory / "home"),
            "PULUMI_BACKEND_URL": f"file://{self.directory / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # Each start of an engine asks pip for the packages, and pip takes half a second to tell.
            "PYTHONPATH": str(Path(__file__).parent / "engine_path"),
            **self.environment,
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        (self.directory / "state").mkdir(parents=True, exist_ok=True)
        return subprocess.Popen(
            ["pulumi", "--non-interactive", "--color=never", *arguments],
            cwd=self.project,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, str]:
        """Exit status and everything printed, to standard output and error."""
        with self.start(*arguments) as process:
            output, _ = process.communicate()
        return process.returncode, output

    def ok(self, *arguments: str) -> str:
        status, output = self.run(*arguments)
        assert status == 0, output
        return output

    def state(self, stack: str) -> list[dict[str, Any]]:
        """The recorded resources."""
        deployment = json.loads(self.ok("stack", "export", "--stack", stack))["deployment"]
        resources: list[dict[str, Any]] = deployment.get("resources") or []
        return resources


def use_command_stand_in(directory: Path) -> None:
    """Have engines under `directory` find the command plugin's stand-in, whatever else is installed."""
    script = directory / "bin" / "pulumi-resource-command"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m local.pulumi_command "$@"\n')
    script.chmod(0o755)


def find_pulumi() -> str:
    found = shutil.which("pulumi", path=os.pathsep.join([os.environ["PATH"], str(BUILT)]))
    assert found, "no Pulumi engine: run tools/bootstrap"
    return found
