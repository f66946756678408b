"""Three environments of one project, each in a cluster of its own, with a real engine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import yaml

from local.cluster import Cluster
from local.ports import free_port
from tests.support.database import QUICK, configure
from tests.support.engine import ROOT, Engine, use_command_stand_in
from tests.support.stacks import Finished

NAMES = ("dev", "staging", "prod")


@contextmanager
def running_clusters(count: int) -> Iterator[list[Cluster]]:
    """Clusters like those of `running_cluster`, initialised once and copied."""
    folder = Path(tempfile.mkdtemp(prefix="supacron-test-"))
    folder.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        first = Cluster(folder / "0", free_port())
        first.create()
        configure(first, [QUICK])
        clusters = [first]
        for number in range(1, count):
            # `cp -a` keeps the owner, who is not root.
            subprocess.run(["cp", "-a", str(first.directory), str(folder / str(number))], check=True)
            clusters.append(Cluster(folder / str(number), free_port()))
        for cluster in clusters:
            stack.callback(cluster.remove)
            cluster.start()
        yield clusters


@dataclass(frozen=True)
class Environments:
    """`folder` holds the project; the database of each environment is known by variables alone."""

    home: Path
    clusters: Mapping[str, Cluster]

    @property
    def folder(self) -> Path:
        return self.home / "project"

    def path(self, name: str) -> Path:
        return self.folder / "stacks" / name

    def create(
        self, promotion: Mapping[str, Any], definitions: Mapping[str, str], overrides: Mapping[str, Any]
    ) -> None:
        """The project's files, committed; a Pulumi stack for each environment."""
        (self.folder / "stacks").mkdir(parents=True)
        for name in ("Pulumi.yaml", "__main__.py"):
            shutil.copy(ROOT / name, self.folder / name)
        (self.folder / "promotion.yaml").write_text(yaml.safe_dump(dict(promotion)))
        for name in NAMES:
            config = {"supacron:projectRef": f"ref-{name}", "supacron:projectUrl": f"https://{name}.example.com"}
            if name in overrides:
                config["supacron:overrides"] = overrides[name]
            self.path(f"Pulumi.{name}.yaml").write_text(yaml.safe_dump({"config": config}))
            self.path(f"{name}.yaml").write_text(definitions.get(name, "version: 1\n"))
            self._engine(name).ok("stack", "init", name)
        use_command_stand_in(self.home)
        self.git("init", "-q")
        self.commit()

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "a change")

    def git(self, *arguments: str) -> None:
        own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *arguments]
        subprocess.run(command, cwd=self.folder, env={**os.environ, **own}, capture_output=True, check=True)

    def pulumi(self, command: str, name: str, extra: Mapping[str, str] | None = None) -> tuple[int, str]:
        """`up` is confirmed, and not previewed first."""
        more = ("--yes", "--skip-preview") if command == "up" else ()
        return self._engine(name, extra).run(command, "--stack", name, *more)

    def up(self, name: str, extra: Mapping[str, str] | None = None) -> str:
        status, output = self.pulumi("up", name, extra)
        assert status == 0, output
        return output

    def supacron(
        self, *arguments: str, source: str | None = None, target: str, extra: Mapping[str, str] | None = None
    ) -> Finished:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SUPACRON_", "PULUMI_"))}
        of_source = {"SUPACRON_SOURCE_DATABASE_URL": self.clusters[source].url} if source else {}
        done = subprocess.run(
            [sys.executable, "-m", "supacron", *arguments],
            cwd=self.folder,
            env={
                **inherited,
                "PYTHONPATH": str(ROOT),
                "NO_COLOR": "1",
                **self._database(target),
                **of_source,
                **(extra or {}),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Finished(done.returncode, done.stdout)

    def query(self, name: str, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.clusters[name].url, autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def add_runs(self, name: str, outcome: str, count: int) -> None:
        """Finished runs of one job, just now."""
        self.query(
            name,
            "insert into supacron.run (job_id, trigger, queued_at, seen_at, outcome)"
            " select (select min(id) from supacron.job where removed_at is null), 'schedule', now(), now(),"
            f" '{outcome}' from generate_series(1, {count})",
        )

    def _engine(self, name: str, extra: Mapping[str, str] | None = None) -> Engine:
        return Engine(self.home, self.folder, {**self._database(name), **(extra or {})})

    def _database(self, name: str) -> dict[str, str]:
        return {"SUPACRON_DATABASE_URL": self.clusters[name].url}
