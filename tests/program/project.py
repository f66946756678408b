"""A copy of this repository's Pulumi project, as a user has it, with an engine, a state backend and a database."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import yaml

from tests.support.database import Database
from tests.support.engine import ROOT, Engine, use_command_stand_in

STACK = "test"
CONFIG = {"supacron:projectRef": "local", "supacron:projectUrl": "http://127.0.0.1:54321"}
JOB = "batch-processor-30min"
ONE_JOB: dict[str, Any] = {
    "jobs": {JOB: {"schedule": "*/30 * * * *", "function": "batch-processor", "body": {"batch_size": 20}}}
}
CHANGED: dict[str, Any] = {"jobs": {JOB: {**ONE_JOB["jobs"][JOB], "schedule": "*/15 * * * *"}}}


@dataclass
class Project:
    """The project in `folder`, whose engine keeps everything under `home`. The database's URL is a variable."""

    home: Path
    folder: Path
    database: Database
    environment: dict[str, str]

    @property
    def engine(self) -> Engine:
        return Engine(self.home, self.folder, self.environment)

    def define(self, definition: Mapping[str, Any] | str) -> None:
        """Writes stacks/test.yaml: data, or text as it stands."""
        text = definition if isinstance(definition, str) else yaml.safe_dump(dict(definition), sort_keys=False)
        (self.folder / "stacks" / f"{STACK}.yaml").write_text(text)

    def configure(self, **keys: Any) -> None:
        """Sets plain keys of the namespace in stacks/Pulumi.test.yaml."""
        path = self.folder / "stacks" / f"Pulumi.{STACK}.yaml"
        content = yaml.safe_load(path.read_text())
        content["config"] |= {f"supacron:{key}": value for key, value in keys.items()}
        path.write_text(yaml.safe_dump(content, sort_keys=False))

    def run(self, command: str, *arguments: str) -> tuple[int, str]:
        return self.engine.run(command, "--stack", STACK, *arguments)

    def ok(self, command: str, *arguments: str) -> str:
        status, output = self.run(command, *arguments)
        assert status == 0, output
        return output

    def fails(self, command: str, *arguments: str) -> str:
        """What it printed; it must fail, and in words."""
        status, output = self.run(command, *arguments)
        assert status != 0, output
        assert "unhandled exception" not in output, output
        # The language host's own lines may be there: the engine interrupts a program that still waits for its command.
        assert not re.search(rf'File "({re.escape(str(ROOT))}/supacron|[^"]*/site-packages)/', output), output
        return output

    def preview(self, *arguments: str) -> str:
        return self.ok("preview", *arguments)

    def up(self, *arguments: str) -> str:
        return self.ok("up", "--yes", "--skip-preview", *arguments)

    def destroy(self, *arguments: str) -> str:
        return self.ok("destroy", "--yes", "--skip-preview", *arguments)

    def unchanged(self, *arguments: str) -> str:
        return self.preview("--expect-no-changes", *arguments)

    def config(self, *arguments: str) -> str:
        return self.ok("config", *arguments)

    def changes(self) -> dict[str, Sequence[str]]:
        """What a preview shows as changing: the resource's short type and name, and the paths that differ."""
        status, output = self._json("preview", "--json")
        assert status == 0, output
        steps = json.loads(output)["steps"]
        return {
            f"{_label(step['urn'])} {step['op']}": tuple(step.get("diffReasons") or ())
            for step in steps
            if step["op"] != "same"
        }

    def state(self) -> list[dict[str, Any]]:
        return self.engine.state(STACK)

    def command(self) -> dict[str, Any]:
        """The Command, as recorded."""
        (found,) = [entry for entry in self.state() if entry["type"] == "command:local:Command"]
        return found

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """As the superuser, who can break things."""
        with psycopg.connect(self.database.superuser_url, autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def cron_jobs(self) -> dict[str, tuple[Any, ...]]:
        """jobid, schedule and active of the jobs that are not the runtime's own."""
        rows = self.query("select jobname, jobid, schedule, active from cron.job where jobname not like 'supacron-%'")
        return {name: tuple(rest) for name, *rest in rows}

    def copy(self, home: Path, folder: Path) -> Project:
        """The same project, settings and state elsewhere."""
        home.mkdir(parents=True)
        shutil.copytree(self.home / "state", home / "state")
        shutil.copytree(self.folder, folder)
        use_command_stand_in(home)
        return Project(home, folder, self.database, dict(self.environment))

    def _json(self, *arguments: str) -> tuple[int, str]:
        # Standard output alone: a warning on the other stream would not be JSON.
        engine = self.engine
        done = subprocess.run(
            ["pulumi", "--non-interactive", *arguments, "--stack", STACK],
            cwd=engine.project,
            env=engine.variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout or done.stderr


def write_project(folder: Path) -> None:
    """The repository's own program and settings, with one stack."""
    (folder / "stacks").mkdir(parents=True)
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "stacks" / f"{STACK}.yaml").write_text(yaml.safe_dump(ONE_JOB, sort_keys=False))
    (folder / "stacks" / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump({"config": CONFIG}))


def _label(urn: str) -> str:
    *_, kind, name = urn.split("::")
    return f"{kind.rsplit('$', 1)[-1].rsplit(':', 1)[-1]} {name}"
