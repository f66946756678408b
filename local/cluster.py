"""A PostgreSQL cluster of our own, set up like the database of a Supabase project.

It never runs as root, listens on 127.0.0.1 only, and only ever touches a directory that it made itself.
"""

from __future__ import annotations

import json
import secrets
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import psutil

from local.configuration import PG_HBA_CONF, POSTGRESQL_CONF, passfile
from local.errors import LocalError
from local.installation import Installation, ServerUser, find_installation
from local.ports import PORT_WAIT_SECONDS, becomes_free, holder
from local.setup import set_up

HOST = "127.0.0.1"
DATABASE = "postgres"
PASSWORD = "postgres"  # noqa: S105 - the public one of `supabase start`
MARKER = "supacron-local.json"
START_LIMIT_SECONDS = 60

Mode = Literal["smart", "fast", "immediate"]


@dataclass(frozen=True)
class Cluster:
    """One cluster: `directory` holds its data, keys, passwords and log, `port` is where it listens."""

    directory: Path
    port: int

    @property
    def url(self) -> str:
        """How a project's owner connects."""
        return f"postgresql://postgres:{PASSWORD}@{HOST}:{self.port}/{DATABASE}"

    @property
    def superuser_url(self) -> str:
        """How the superuser connects; its password was made up for this cluster."""
        password = self._superuser_password_path.read_text().strip()
        return f"postgresql://supabase_admin:{password}@{HOST}:{self.port}/{DATABASE}"

    @property
    def log_path(self) -> Path:
        return self.directory / "postgres.log"

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def created(self) -> bool:
        """Whether the cluster is there, whole and ours."""
        return self._state() == "ready"

    def create(self) -> None:
        """Makes the cluster unless it is there; an unfinished one is made anew. It is left stopped.

        Raises LocalError when the directory holds something else or cannot be used.
        """
        if self.created():
            return
        self._claim_directory()
        self._initialise()
        self._launch()
        try:
            set_up(self.superuser_url)
        finally:
            self.stop()
        self._mark("ready")

    def start(self) -> None:
        """Starts the server and waits until it answers; does nothing when it runs.

        Raises LocalError when the port is taken or the server does not come up.
        """
        if not self.created():
            raise LocalError(f"There is no cluster of ours in {self.directory}.", "Create it first.")
        if not self.running():
            self._launch()
        elif (port := self._running_port()) != self.port:
            raise LocalError(
                f"The cluster in {self.directory} already runs, on port {port} and not {self.port}.",
                "Stop it first (python -m local down), or name the port that it runs on.",
            )

    def stop(self, mode: Mode = "fast") -> None:
        """Stops the server and waits for its end; does nothing when it is not running."""
        if self.running():
            self._pg_ctl("stop", "--mode", mode)

    def kill(self) -> None:
        """Ends the server as a crash would: no checkpoint, so unlogged tables are empty afterwards."""
        self.stop("immediate")

    def restart(self) -> None:
        self.stop()
        self.start()

    def running(self) -> bool:
        """Whether the server of this very directory runs."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            return self.data.samefile(psutil.Process(pid).cwd())
        except (FileNotFoundError, ValueError, psutil.Error):
            return False

    def remove(self) -> None:
        """Stops the server and deletes the cluster with everything in it, if it is ours."""
        if self._state() == "absent":
            return
        self.stop()
        shutil.rmtree(self.directory)

    def _running_port(self) -> int:
        # The fourth line of the server's own pid file is its port.
        return int((self.data / "postmaster.pid").read_text().splitlines()[3])

    @cached_property
    def _installation(self) -> Installation:
        version_file = self.data / "PG_VERSION"
        return find_installation(version=int(version_file.read_text()) if version_file.is_file() else None)

    @property
    def _superuser_password_path(self) -> Path:
        return self.directory / "superuser.password"

    @property
    def _passfile_path(self) -> Path:
        return self.directory / "pgpass"

    def _state(self) -> str:
        """`ready`, `unfinished` or `absent`; raises LocalError when the directory is not ours."""
        if not self.directory.exists() or not any(self.directory.iterdir()):
            return "absent"
        try:
            return str(json.loads((self.directory / MARKER).read_text())["state"])
        except (FileNotFoundError, ValueError, KeyError):
            raise LocalError(
                f"{self.directory} holds files that this tool did not make; nothing was touched.",
                "Name an empty or new directory with --directory.",
            ) from None

    def _mark(self, state: str) -> None:
        temporary = self.directory / f"{MARKER}.new"
        temporary.write_text(json.dumps({"state": state, "made by": "supacron local"}) + "\n")
        temporary.replace(self.directory / MARKER)

    def _claim_directory(self) -> None:
        self.remove()
        user = ServerUser.current()
        self.directory.mkdir(parents=True, exist_ok=True)
        for parent in self.directory.absolute().parents:
            if not user.may_enter(parent):
                raise LocalError(
                    f"The server runs as {user.name}, and {user.name} cannot enter {parent}.",
                    "Name a directory elsewhere with --directory.",
                )
        # Only the data belong to the server's user; nothing else here can be replaced by it.
        self.directory.chmod(0o711 if user.switch else 0o700)
        self._mark("unfinished")

    def _initialise(self) -> None:
        superuser_password = secrets.token_urlsafe(24)
        self._write(self._superuser_password_path, superuser_password.encode())
        self._write(self._passfile_path, passfile(self.port, superuser_password, PASSWORD).encode())
        self._write(self.directory / "vault.key", secrets.token_bytes(32))
        self._write(self.log_path, b"")
        self.data.mkdir(0o700)
        self._installation.user.give(self.data)
        self._installation.run(
            "initdb",
            [
                f"--pgdata={self.data}",
                "--username=supabase_admin",
                f"--pwfile={self._superuser_password_path}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                # An unfinished cluster is made anew, so nothing is lost if the machine stops meanwhile.
                "--no-sync",
            ],
            {},
            self.directory,
        )
        self._write(self.data / "postgresql.conf", POSTGRESQL_CONF.format(port=self.port).encode())
        self._write(self.data / "pg_hba.conf", PG_HBA_CONF.encode())

    def _write(self, path: Path, content: bytes) -> None:
        path.touch(0o600)
        path.write_bytes(content)
        self._installation.user.give(path)

    def _launch(self) -> None:
        if not becomes_free(self.port, PORT_WAIT_SECONDS):
            raise LocalError(
                f"Port {self.port} is taken by {holder(self.port)}.",
                "Stop it, or name another port with --db-port or SUPACRON_LOCAL_DB_PORT.",
            )
        # The port may differ from that of the last start, and pg_cron's password file names it.
        superuser_password = self._superuser_password_path.read_text().strip()
        self._write(self._passfile_path, passfile(self.port, superuser_password, PASSWORD).encode())
        before = self.log_path.stat().st_size
        try:
            limit, port = f"--timeout={START_LIMIT_SECONDS}", f"--options=-p {self.port}"
            self._pg_ctl("start", "--wait", limit, port, f"--log={self.log_path}")
        except LocalError:
            with self.log_path.open(errors="replace") as log:
                log.seek(before)
                end = "\n    ".join(log.read().splitlines()[-8:])
            raise LocalError(f"PostgreSQL did not start; its log is {self.log_path}.", end) from None

    def _pg_ctl(self, command: str, *arguments: str) -> None:
        self._installation.run(
            "pg_ctl",
            [command, f"--pgdata={self.data}", *arguments],
            {"PGPASSFILE": str(self._passfile_path)},
            self.directory,
        )
