"""The other queues' own SQL, out of their published packages: nothing of theirs is kept in this repository.

It needs cargo (pgmq), node and npm (graphile-worker) and pip (procrastinate).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).parent / "packages"


@dataclass(frozen=True)
class Packages:
    """Where the packages were put; `folder` may be kept from one run to the next."""

    folder: Path

    def fetch(self) -> None:
        """Downloads what is not there yet, with the registries' own clients."""
        shutil.copytree(SOURCE, self.folder, dirs_exist_ok=True)
        (self.folder / "empty.rs").touch()
        self._run("cargo", "fetch", "--quiet")
        self._run("npm", "install", "--silent", "--no-audit", "--no-fund")
        if not self._procrastinate.is_dir():
            target = self._procrastinate.parent
            self._run(
                sys.executable,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-deps",
                "--target",
                target,
                "-r",
                "requirements.txt",
            )

    def pgmq_sql(self) -> str:
        metadata = json.loads(self._run("cargo", "metadata", "--format-version=1", "--offline", "--quiet"))
        (manifest,) = (each["manifest_path"] for each in metadata["packages"] if each["name"] == "pgmq")
        return (Path(manifest).parent / "src" / "install" / "embedded" / "sql" / "pgmq.sql").read_text()

    def install_graphile_worker(self, url: str) -> None:
        self._run(self.folder / "node_modules" / ".bin" / "graphile-worker", "--schema-only", "--connection", url)

    def graphile_queries(self) -> dict[str, str]:
        """The statements that its worker sends, by name (see packages/graphile_queries.js)."""
        queries: dict[str, str] = json.loads(self._run("node", "graphile_queries.js"))
        return queries

    def procrastinate_sql(self) -> str:
        return (self._procrastinate / "sql" / "schema.sql").read_text()

    @property
    def _procrastinate(self) -> Path:
        return self.folder / "python" / "procrastinate"

    def _run(self, *command: str | Path) -> str:
        return subprocess.run(
            command, cwd=self.folder, check=True, text=True, stdout=subprocess.PIPE, env=os.environ
        ).stdout
