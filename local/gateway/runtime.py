"""Edge Functions under Deno: one process each, started when first called, restarted when its source changes."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalError
from local.ports import free_port

START_LIMIT_SECONDS = 60
"""A first start may compile; the log tells more when it takes longer."""
STOP_LIMIT_SECONDS = 5
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
# What a process needs to run at all; nothing else of our environment is the functions' business.
PASSED_ON = ("PATH", "HOME", "DENO_DIR", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME")

Sources = tuple[tuple[str, int, int], ...]


class NoSuchFunction(Exception):
    """There is no folder of that name with an index.ts."""


class BootFailed(Exception):
    """The function's process ended, or did not listen in time; its log says why."""


@dataclass(frozen=True)
class Running:
    process: asyncio.subprocess.Process
    port: int
    sources: Sources
    variables: Mapping[str, str]


class Runtime:
    """Starts and stops the processes. `functions` holds a folder per function."""

    def __init__(self, functions: Path) -> None:
        self._functions = functions
        self._running: dict[str, Running] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def port(self, name: str, variables: Mapping[str, str]) -> int:
        """Where the function listens, started if need be with `variables` as its whole environment.

        Raises NoSuchFunction or BootFailed.
        """
        if not NAME.fullmatch(name) or not (self._functions / name / "index.ts").is_file():
            raise NoSuchFunction(name)
        async with self._locks.setdefault(name, asyncio.Lock()):
            sources = self._sources(name)
            running = self._running.get(name)
            if running and _lives(running.process):
                if running.sources == sources and running.variables == variables:
                    return running.port
                await _stop(running.process)
            running = await self._start(name, sources, variables)
            self._running[name] = running
            return running.port

    async def close(self) -> None:
        await asyncio.gather(*(_stop(running.process) for running in self._running.values()))
        self._running.clear()

    def _sources(self, name: str) -> Sources:
        """What the function is made of; it differs after any edit."""
        folders = (self._functions / name, self._functions / "_shared")
        files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
        found = []
        for path in files:
            with suppress(FileNotFoundError):  # an editor may be replacing it right now
                status = path.stat()
                found.append((str(path), status.st_mtime_ns, status.st_size))
        return tuple(found)

    async def _start(self, name: str, sources: Sources, variables: Mapping[str, str]) -> Running:
        port = free_port()
        # Its environment (which holds nothing but its own), this machine's network: no files, programs or other hosts.
        permissions = ("--no-prompt", "--allow-env", "--allow-net=127.0.0.1,localhost")
        process = await asyncio.create_subprocess_exec(
            _deno(),
            "run",
            "--quiet",
            *permissions,
            str(self._functions / name / "index.ts"),
            cwd=self._functions / name,
            env={
                **{key: os.environ[key] for key in PASSED_ON if key in os.environ},
                **variables,
                "DENO_SERVE_ADDRESS": f"tcp:127.0.0.1:{port}",
                "DENO_NO_UPDATE_CHECK": "1",
                "NO_COLOR": "1",
            },
            stdin=asyncio.subprocess.DEVNULL,
        )
        try:
            await _wait_until_it_listens(process, port)
        except BaseException:
            await _stop(process)
            raise
        return Running(process, port, sources, dict(variables))


async def _wait_until_it_listens(process: asyncio.subprocess.Process, port: int) -> None:
    try:
        async with asyncio.timeout(START_LIMIT_SECONDS):
            while process.returncode is None:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except ConnectionRefusedError:
                    await asyncio.sleep(0.02)
                else:
                    writer.close()
                    await writer.wait_closed()
                    return
    except TimeoutError:
        raise BootFailed(f"it did not listen within {START_LIMIT_SECONDS} s") from None
    raise BootFailed(f"it ended with status {process.returncode}")


def _lives(process: asyncio.subprocess.Process) -> bool:
    """asyncio hears of an end a moment after it."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, 0)
            return True
    return False


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_LIMIT_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _deno() -> str:
    beside = Path(sys.executable).parent / "deno"
    found = str(beside) if beside.exists() else shutil.which("deno")
    if not found:
        raise LocalError("Deno is not installed.", "Run tools/bootstrap; Deno is one of the locked Python packages.")
    return found
