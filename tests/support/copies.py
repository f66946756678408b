"""Copies of a running database, made as people make them: a dump restored elsewhere, a backup that is promoted."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit, urlunsplit

import psycopg

from local.cluster import MARKER, Cluster
from local.ports import free_port
from local.setup import files
from tests.support.database import QUICK, QUIET, running_cluster
from tests.support.waiting import LIMIT_SECONDS

_OF_A_STAND_IN = re.compile(rb"(?m)^(?:CREATE|COMMENT ON) EXTENSION (?:IF NOT EXISTS )?(?:pg_net|supabase_vault)\b.*$")


def dump(source: Cluster) -> bytes:
    """The whole database as SQL, as the superuser sees it."""
    return _run(source, "pg_dump", "--create", f"--dbname={source.superuser_url}")


@contextmanager
def restored_dump(source: Cluster) -> Iterator[Cluster]:
    """Another cluster, running, with the whole database in it. Its Vault has a key of its own."""
    with running_cluster(QUICK, QUIET) as copy:
        maintenance = urlunsplit(urlsplit(copy.superuser_url)._replace(path="/template1"))
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute("drop database postgres with (force)")
        _run(copy, "psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={maintenance}", given=_restorable(source))
        yield copy


@contextmanager
def promoted_backup(source: Cluster) -> Iterator[Cluster]:
    """A physical copy, recovered to its end: the same system on another timeline, with the same key of Vault."""
    folder = Path(tempfile.mkdtemp(prefix="supacron-test-"))
    folder.chmod(0o755)
    copy = Cluster(folder / "cluster", free_port())
    user = copy._installation.user
    try:
        copy.directory.mkdir(mode=0o711)
        for name in ("superuser.password", "pgpass", "vault.key", "postgres.log", MARKER):
            shutil.copy2(source.directory / name, copy.directory)
            user.give(copy.directory / name)
        copy.data.mkdir(mode=0o700)
        user.give(copy.data)
        _run(
            source, "pg_basebackup", f"--dbname={source.superuser_url}", f"--pgdata={copy.data}", "--checkpoint=fast",
            "--no-sync",
        )  # fmt: skip
        with (copy.data / "postgresql.auto.conf").open("a") as settings:
            # Nothing may connect before it is promoted.
            settings.write("restore_command = 'false'\nhot_standby = off\n")
        (copy.data / "recovery.signal").touch()
        user.give(copy.data / "recovery.signal")
        copy.start()
        _wait_until_promoted(copy)
        yield copy
    finally:
        copy.remove()
        shutil.rmtree(folder)


def _wait_until_promoted(copy: Cluster) -> None:
    """`pg_ctl start` is content with a server that recovers and lets nobody in."""
    until = monotonic() + LIMIT_SECONDS
    while True:
        try:
            psycopg.connect(copy.superuser_url).close()
            return
        except psycopg.OperationalError:
            assert monotonic() < until, f"not promoted within {LIMIT_SECONDS} s"
            threading.Event().wait(0.05)


def _restorable(source: Cluster) -> bytes:
    """The dump, in which the stand-ins' rows of pg_extension are made as they were: nothing is installed for them."""
    made = _OF_A_STAND_IN.sub(b"", dump(source))
    return made + b"".join(path.read_bytes() for path in files() if path.name == "90_extension_row.sql")


def _run(cluster: Cluster, program: str, *arguments: str, given: bytes = b"") -> bytes:
    installation = cluster._installation
    finished = subprocess.run(
        [installation.bin / program, *arguments],
        input=given,
        capture_output=True,
        check=False,
        cwd=cluster.directory,
        user=installation.user.uid if installation.user.switch else None,
        group=installation.user.gid if installation.user.switch else None,
    )
    assert finished.returncode == 0, finished.stderr.decode()
    return finished.stdout
