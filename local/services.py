"""The processes of the local stack beside the database: started detached, known again by their recorded identity."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from local.cluster import Cluster
from local.errors import LocalError
from local.gateway.client import is_up as gateway_is_up
from local.pg_net_worker import is_up as worker_is_up

REPOSITORY = Path(__file__).resolve().parent.parent
START_LIMIT_SECONDS = 60
STOP_LIMIT_SECONDS = 10


def always_ready() -> bool:
    return True


@dataclass(frozen=True)
class Service:
    """One process. Its record and its log lie in `directory`, as `<name>.json` and `<name>.log`.

    `env` comes on top of the caller's environment: secrets go there, never into `argv`, which everyone can read.
    `ready` says whether the process does its work already; `start` waits for that.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    directory: Path
    ready: Callable[[], bool] = always_ready

    @property
    def log_path(self) -> Path:
        return self.directory / f"{self.name}.log"

    def process(self) -> psutil.Process | None:
        """The process of the last start, if it still runs; one that merely got its number is not it."""
        try:
            record = json.loads(self._record_path.read_text())
            process = psutil.Process(record["pid"])
            # The kernel counts in hundredths of a second since boot; the boot time itself may be adjusted a little.
            same = abs(process.create_time() - record["started"]) < 1
            return process if same and not _has_ended(process) else None
        except (FileNotFoundError, ValueError, KeyError, psutil.NoSuchProcess):
            return None

    def running(self) -> bool:
        return self.process() is not None

    def start(self) -> None:
        """Starts the process unless it runs, and waits until it is ready.

        Raises LocalError, with the end of its log, when it ends early or is not ready in time.
        """
        if self.running():
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            child = subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.env},
                cwd=REPOSITORY,
                start_new_session=True,
            )
        process = psutil.Process(child.pid)
        self._record_path.write_text(json.dumps({"pid": child.pid, "started": process.create_time()}) + "\n")
        # It is detached: nobody here waits for its end, and Popen would warn about that.
        child.returncode = 0
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while not self.ready():
            ended = _has_ended(process)
            if ended or time.monotonic() > deadline:
                what = "ended early" if ended else f"was not ready within {START_LIMIT_SECONDS} s"
                self.stop()
                raise LocalError(f"{self.name} {what}; its log is {self.log_path}.", self._log_end())
            time.sleep(0.05)

    def stop(self) -> None:
        """Ends the process and its children, by force after 10 s; does nothing when it is not running."""
        process = self.process()
        if process is not None:
            family = [process, *process.children(recursive=True)]
            for signal in (psutil.Process.terminate, psutil.Process.kill):
                for member in family:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        signal(member)
                family = _still_running(family, STOP_LIMIT_SECONDS)
        self._record_path.unlink(missing_ok=True)

    @property
    def _record_path(self) -> Path:
        return self.directory / f"{self.name}.json"

    def _log_end(self) -> str:
        return "\n    ".join(self.log_path.read_text(errors="replace").splitlines()[-8:])


def _has_ended(process: psutil.Process) -> bool:
    # A zombie has ended too. Our own we collect here; another's may stay for ever, where process 1 collects no orphans.
    try:
        if process.status() != psutil.STATUS_ZOMBIE:
            return False
        process.wait(timeout=0)
    except (psutil.NoSuchProcess, psutil.TimeoutExpired):
        pass
    return True


def _still_running(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those that have not ended after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        running = [process for process in processes if not _has_ended(process)]
        if not running or time.monotonic() > deadline:
            return running
        time.sleep(0.02)


@dataclass(frozen=True)
class Place:
    """Where a local stack lives: its cluster, and the port of its HTTP gateway."""

    cluster: Cluster
    api_port: int

    @property
    def services_directory(self) -> Path:
        return self.cluster.directory / "services"


def pg_net_worker(place: Place) -> Service:
    """The stand-in for pg_net's background worker."""
    url = place.cluster.superuser_url
    return Service(
        name="pg_net_worker",
        argv=(sys.executable, "-m", "local.pg_net_worker"),
        env={"SUPACRON_LOCAL_SUPERUSER_URL": url},
        directory=place.services_directory,
        ready=lambda: worker_is_up(url),
    )


def gateway(place: Place) -> Service:
    """The HTTP gateway: Edge Functions and database functions."""
    url = place.cluster.url
    return Service(
        name="gateway",
        argv=(sys.executable, "-m", "local.gateway"),
        env={
            "SUPACRON_LOCAL_API_PORT": str(place.api_port),
            "SUPACRON_LOCAL_DATABASE_URL": url,
            "SUPACRON_LOCAL_AUTHENTICATOR_URL": url.replace("//postgres:", "//authenticator:", 1),
        },
        directory=place.services_directory,
        ready=lambda: gateway_is_up(place.api_port),
    )


SERVICES: tuple[Callable[[Place], Service], ...] = (pg_net_worker, gateway)
"""What `python -m local up` starts once the database runs, in this order; `down` stops it in the reverse one."""
