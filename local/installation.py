"""Where PostgreSQL and pg_cron are installed, and as which user of the system they run."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalError

DEBIAN_ROOT = Path("/usr/lib/postgresql")
SUPPORTED_VERSIONS = (15, 16, 17)
APT_LINE = "apt-get install --yes postgresql-15 postgresql-15-cron"


@dataclass(frozen=True)
class ServerUser:
    """The user of the system that the server runs as: never root."""

    name: str
    uid: int
    gid: int
    switch: bool
    """Whether a process of ours has to become that user."""

    @classmethod
    def current(cls) -> ServerUser:
        """`postgres` for root, else whoever asks.

        Raises LocalError when root has no user `postgres` to switch to.
        """
        if os.geteuid() != 0:
            entry = pwd.getpwuid(os.geteuid())
            return cls(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=False)
        try:
            entry = pwd.getpwnam("postgres")
        except KeyError:
            raise LocalError(
                "PostgreSQL never runs as root, and there is no user postgres to run it as.",
                f"Install Debian's packages, which make that user: {APT_LINE}",
            ) from None
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)

    def give(self, path: Path) -> None:
        """Makes that user the owner of `path`."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def may_enter(self, path: Path) -> bool:
        """Whether that user can traverse the folder `path`."""
        status = path.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        if status.st_gid == self.gid:
            return bool(status.st_mode & 0o010)
        return bool(status.st_mode & 0o001)


@dataclass(frozen=True)
class Installation:
    """The programs of one PostgreSQL version."""

    version: int
    bin: Path
    user: ServerUser

    def run(self, program: str, arguments: Sequence[str], environment: Mapping[str, str], cwd: Path) -> str:
        """What the program printed on both its outputs; raises LocalError with it when it fails."""
        path = self.bin / program
        finished = subprocess.run(
            [str(path), *arguments],
            stdin=subprocess.DEVNULL,
            # A file and no pipe: a server started by pg_ctl keeps its outputs open, and a pipe would never end.
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if program != "pg_ctl" else subprocess.DEVNULL,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", **environment},
            cwd=cwd,
            user=self.user.uid if self.user.switch else None,
            group=self.user.gid if self.user.switch else None,
            extra_groups=[] if self.user.switch else None,
            check=False,
        )
        output = (finished.stdout or b"").decode(errors="replace")
        if finished.returncode:
            raise LocalError(f"{program} failed (exit code {finished.returncode}).", output.strip()[-2000:])
        return output


def find_installation(
    root: Path = DEBIAN_ROOT, version: int | None = None, debian_version: Path = Path("/etc/debian_version")
) -> Installation:
    """The lowest supported version that has pg_cron, or `version`.

    Raises LocalError, with what to install, when there is none.
    """
    wanted = SUPPORTED_VERSIONS if version is None else (version,)
    present = [v for v in wanted if (root / str(v) / "bin" / "postgres").is_file()]
    complete = [v for v in present if (root / str(v) / "lib" / "pg_cron.so").is_file()]
    if complete:
        return Installation(complete[0], root / str(complete[0]) / "bin", ServerUser.current())
    if not debian_version.is_file():
        raise LocalError(
            "The local database is set up for Debian's PostgreSQL packages, and this system is not Debian.",
            "Give a database of your own instead: make up DATABASE_URL=postgresql://...",
        )
    if present:
        packages = f"postgresql-{present[0]}-cron"
        raise LocalError(f"PostgreSQL {present[0]} has no pg_cron.", f"As root: apt-get install --yes {packages}")
    raise LocalError(f"No PostgreSQL {' or '.join(map(str, wanted))} found in {root}.", f"As root: {APT_LINE}")
