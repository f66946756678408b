"""Run one command as pulumi-command's local.Command does: what goes in, what comes out, what a failure says."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

READ_SIZE = 65_536

Log = Callable[[str], Awaitable[None]]


class CommandFailed(Exception):
    """The process could not be started or did not end with status 0; the message holds all that it printed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The inputs that shape the process."""

    interpreter: tuple[str, ...] = ("/bin/sh", "-c")
    directory: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: str | None = None
    logs_stdout: bool = True
    logs_stderr: bool = True


@dataclass(frozen=True, slots=True)
class Printed:
    """What the process wrote, less one newline at the end of each."""

    stdout: str = ""
    stderr: str = ""

    def as_environment(self) -> dict[str, str]:
        both = {"PULUMI_COMMAND_STDOUT": self.stdout, "PULUMI_COMMAND_STDERR": self.stderr}
        return {name: text for name, text in both.items() if text}


class Processes:
    """The processes under way, so that a cancelled operation can end them."""

    def __init__(self) -> None:
        self._running: set[asyncio.subprocess.Process] = set()

    def kill_all(self) -> None:
        """Kill each process itself. Its children live on, as they do under the original."""
        for process in self._running:
            if process.returncode is None:
                process.kill()

    async def run(self, command: str, settings: Settings, log: Log) -> Printed:
        """Run `command` to its end; raises CommandFailed."""
        try:
            process = await asyncio.create_subprocess_exec(
                *settings.interpreter,
                command,
                cwd=settings.directory,
                env={**os.environ, **settings.environment},
                stdin=asyncio.subprocess.PIPE if settings.stdin else asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            raise CommandFailed(f'{error}: running "{command}":\n') from error
        self._running.add(process)
        try:
            return await _attend(process, command, settings, log)
        finally:
            self._running.discard(process)


async def _attend(process: asyncio.subprocess.Process, command: str, settings: Settings, log: Log) -> Printed:
    both = bytearray()
    stdout, stderr, _ = await asyncio.gather(
        _collect(process.stdout, both, log if settings.logs_stdout else None),
        _collect(process.stderr, both, log if settings.logs_stderr else None),
        _feed(process.stdin, settings.stdin),
    )
    status = await process.wait()
    if status != 0:
        raise CommandFailed(f'{_describe(status)}: running "{command}":\n{_text(both)}')
    return Printed(_text(stdout).removesuffix("\n"), _text(stderr).removesuffix("\n"))


async def _collect(stream: asyncio.StreamReader | None, both: bytearray, log: Log | None) -> bytes:
    """Everything that `stream` carries; also appended to `both` as it comes, and logged line by line."""
    assert stream is not None  # noqa: S101 - both streams are pipes
    collected, unlogged = bytearray(), b""
    while chunk := await stream.read(READ_SIZE):
        collected += chunk
        both += chunk
        if log is not None:
            *lines, unlogged = (unlogged + chunk).split(b"\n")
            for line in lines:
                await log(_text(line))
    if log is not None and unlogged:
        await log(_text(unlogged))
    return bytes(collected)


async def _feed(stream: asyncio.StreamWriter | None, text: str | None) -> None:
    if stream is None or text is None:
        return
    try:
        stream.write(text.encode())
        await stream.drain()
        stream.close()
        await stream.wait_closed()
    except (BrokenPipeError, ConnectionResetError):
        return  # a command need not read its input


def _describe(status: int) -> str:
    return f"exit status {status}" if status > 0 else f"signal: {signal.strsignal(-status)}"


def _text(data: bytes | bytearray) -> str:
    return data.decode(errors="replace")
