"""The real Supabase CLI, pointed at a stand-in of the Management API."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.management_api import Api, Project, running_api
from tests.support.engine import BUILT, ROOT

REF = "abcdefghijklmnopqrst"
TOKEN = "sbp_ca4a12ca4a12ca4a12ca4a12ca4a12ca4a12ca4a"


def install_cli() -> Path:
    """The pinned CLI; the folder that it is in. It is there already after `make test`."""
    BUILT.mkdir(parents=True, exist_ok=True)
    with (BUILT.parent / "supabase.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([ROOT / "tools" / "supabase-cli"], check=True, stdin=subprocess.DEVNULL)
    return BUILT


@contextmanager
def management_api(directory: Path) -> Iterator[Api]:
    with running_api(Project(REF, TOKEN), directory) as api:
        yield api


def cli_environment(api: Api) -> dict[str, str]:
    """The environment of someone who deploys to `api`, with the CLI on PATH."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUPABASE_", "SUPACRON_"))}
    return {**kept, "PATH": f"{install_cli()}{os.pathsep}{os.environ['PATH']}", **api.environment}
